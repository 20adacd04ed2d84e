import { writeFileSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'

// Loaded before a gateway by `--import`: at SIGUSR2 it writes how many bytes its heap has ever handed out.
process.on('SIGUSR2', () => writeFileSync(process.env.ALLOCATED_FILE, String(getHeapStatistics().total_allocated_bytes)))
