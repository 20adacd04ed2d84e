import { build } from '../../scripts/build.ts'

/** Builds what tests start as processes. */
export async function setup(): Promise<void> {
  await build()
}
