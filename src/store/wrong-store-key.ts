import { StoreUnavailable } from '../services/store-port.ts'

/** `STORE_KEY` is not one of this store, or is missing: nothing is read or written. The text is for the operator. */
export class WrongStoreKey extends StoreUnavailable {}
