import { execFileSync } from 'node:child_process'

/**
 * Lets a process write files up to so many bytes, from now on: as on a disk that fills, a write that comes to the limit is
 * cut short there, and the next one fails (`EFBIG`). Without `bytes` there is no limit any more. Works for every user.
 */
export function limitFileSize(pid: number, bytes: number | 'unlimited' = 'unlimited'): void {
  // The hard limit stays: what was lowered by who is not root could not be raised again.
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`])
}
