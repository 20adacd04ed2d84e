import { Command } from 'ioredis'
import { expect, test } from 'vitest'
import { BytesCommand } from '../../src/store/redis/bytes-command.ts'

const many = Array.from({ length: 6_000 }, (_, index) => `argument ${index}`)

test.each<[string, (string | Buffer | number)[]]>([
  ['texts of one byte a character', ['sha', 2, 'cgw:{one}:run', 'cgw:{one}:answer']],
  ['texts of more', ['Zoë', '日本', '👩‍👩‍👧', '\u0000']],
  ['bytes that are no text', [Buffer.from([0, 255, 13, 10, 128]), 'after']],
  ['nothing', ['', Buffer.alloc(0)]],
  ['no arguments', []],
  ['more than is put together at once', [Buffer.alloc(64 * 1024, 7), 'after']],
  ['just as much', [Buffer.alloc(64 * 1024 - 60, 7), 'é'.repeat(10)]],
  ['so many that they are too much', many],
])('%s are written as ioredis writes them', (_, args) => {
  const written = (command: Command) => Buffer.from(command.toWritable({}))
  // Both change the arguments that they are given.
  const ours = written(new BytesCommand('evalsha', [...args]))
  expect(ours.equals(written(new Command('evalsha', [...args])))).toBe(true)
})
