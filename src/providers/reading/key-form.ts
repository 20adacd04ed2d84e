/**
 * The form of a contact's key that can stand in the gateway's own ids, however a provider makes its ids: bounded in length
 * and in characters, so that it is one segment of a path. A key of another form is handed out to nobody.
 */
export const keyForm = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/

/** E.164: where the number is the key. */
export const numberKeyForm = /^\+[1-9]\d{6,14}$/
