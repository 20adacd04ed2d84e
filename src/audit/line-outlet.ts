/** Where lines go. It never throws and never makes anybody wait. */
export type LineOutlet = {
  /** False: there is no room, and the line is lost. */
  write(line: string): boolean
  /** The file may have been moved away. */
  reopen(): void
  /** Writes what waits, as far as it can be within a second; resolves with how many lines are lost. */
  close(): Promise<number>
}

/** Told how an outlet fares; each when it begins. */
export type OutletWatch = {
  fails(error: NodeJS.ErrnoException): void
  /** It works again, or there is room again. */
  works(): void
}
