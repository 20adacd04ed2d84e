import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { startArguments } from '../../scripts/start-arguments.ts'

/** What a container of the image does with its arguments, without a container. */

const root = join(import.meta.dirname, '../..')
const entrypoint = join(root, 'docker/entrypoint.sh')
const env = { PATH: `${join(process.execPath, '..')}:${process.env.PATH}`, HOME: process.env.HOME }
const run = (...args: string[]) => promisify(execFile)(entrypoint, args, { env })

test('docker run IMAGE --version, config schema, config check', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect((await run('--version')).stdout).toBe(`${version} (revision unknown)\n`)
  expect(JSON.parse((await run('config', 'schema')).stdout)).toHaveProperty('$schema')
  await expect(run('config', 'check', '/nowhere.yaml')).rejects.toMatchObject({ code: 78 })
})

test('every command that the help names is one of the image', async () => {
  const named = [...(await run('--help')).stdout.matchAll(/^ {2}([a-z][a-z-]*)(?= )/gm)].map(([, name]) => name)
  expect(named.length).toBeGreaterThan(9)
  for (const command of named.filter((name) => name !== 'start'))
    expect((await run(command as string, '--help')).stdout, command).toMatch(/^Usage: /)
}, 60_000)

test('docker run IMAGE with another program runs that', async () => {
  expect((await run('node', '--print', '1 + 1')).stdout).toBe('2\n')
})

test.each([[[]], [['start']]])('docker run IMAGE %j starts the gateway, and SIGTERM arrives at it', async (args) => {
  const child = spawn(entrypoint, args, { env: { ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
  let output = ''
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (piece) => {
      output += piece
      if (output.includes('"event":"listening"')) resolve()
    })
  })
  // The process that was started is the gateway itself: with a shell in between it would be another.
  expect(JSON.parse(output.split('\n')[0] as string).pid).toBe(child.pid)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test('the image and the unit of systemd start Node with the flags of npm start, the image without the size of the heap', () => {
  const { flags } = startArguments(root)
  const flagsIn = (file: string, line: RegExp) =>
    line.exec(readFileSync(join(root, file), 'utf8'))?.[0].match(/--\S+/g) ?? []
  expect(flags.length).toBeGreaterThan(1)
  expect(flagsIn('docs/operate/install.md', /^ExecStart=.*start\.js$/m)).toEqual(flags)
  expect(flagsIn('docker/entrypoint.sh', /^ *start\).*$/m)).toEqual(
    flags.filter((flag) => !flag.startsWith('--max-old-space-size=')),
  )
})

test('who builds the image as the README says gets the one that compose uses, and the container tests', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const names = [...readme.matchAll(/docker (?:build -t|run\b[^`]*?)\s(contact-gateway:\S+)/g)].map(([, name]) => name)
  const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true })
  const used = Object.values(compose.services as Record<string, { image: string }>)
    .map(({ image }) => image)
    .filter((image) => image.startsWith('contact-gateway'))
  const tested = /const image = '(.*)'/.exec(readFileSync(join(root, 'test/container/engine.ts'), 'utf8'))
  expect(names).toHaveLength(4)
  expect(new Set([...names, ...used, tested?.[1]])).toEqual(new Set(['contact-gateway:local']))
})
