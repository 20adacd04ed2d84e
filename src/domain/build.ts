/** What runs: the version of package.json, and the commit that it was built from. */
export type Build = { readonly version: string; readonly revision: string }
