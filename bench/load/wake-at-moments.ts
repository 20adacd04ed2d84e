import { parentPort } from 'node:worker_threads'
import { type Moments, momentOf, now } from './clock.ts'

/** A thread that sleeps until each of some moments, and tells its parent then. */
const sleeper = new Int32Array(new SharedArrayBuffer(4))

parentPort?.once('message', (moments: Moments) => {
  for (let n = 0; n < moments.count; n++) {
    const due = momentOf(moments, n)
    // It may wake some microseconds early.
    for (let left = due - now(); left > 0; left = due - now()) Atomics.wait(sleeper, 0, 0, left)
    parentPort?.postMessage(n)
  }
})
parentPort?.postMessage('ready')
