/** The first characters of ids: each has a part of the suppression list, which lies in one slot of a cluster. */
export const listPartNames = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
export const listParts = [...listPartNames]
