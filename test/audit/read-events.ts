import { readFileSync } from 'node:fs'

export type AuditEvent = { readonly action: string; readonly id: string; readonly time: string } & Readonly<
  // biome-ignore lint/suspicious/noExplicitAny: each action has facts of its own, which tests look into.
  Record<string, any>
>

/** The events in a file; every line has to be one. */
export function readEvents(file: string): readonly AuditEvent[] {
  const text = readFileSync(file, 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
