import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { landfall } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What becomes of a bind outside of the project is the same on every machine and for every user.

const scratch = await mkdtemp(`${tmpdir()}/landfall-machines-`)
afterAll(() => rm(scratch, { recursive: true, force: true }))
const project = `${scratch}/project`
const outside = `${scratch}/outside`

const COMPOSE = `name: machines
services:
  app:
    image: busybox:1.35.0
    volumes:
      - ${outside}/media:/media
      - ${outside}/app.db:/app.db
      - ${outside}/app.conf:/etc/app.conf
      - ~/pgdata:/var/lib/data
      - ~/.app.conf:/etc/home.conf:ro
      - $HOME/wallet:/wallet
`

const SETTINGS = `volumes:
  ${outside}/app.conf: { as: config }
  ~/.app.conf: { as: config }
`

beforeAll(async () => {
  await mkdir(project, { recursive: true })
  await writeFile(`${project}/compose.yaml`, COMPOSE)
  await writeFile(`${project}/landfall.yaml`, SETTINGS)
})

/** What is converted, reported and planned, with everything that names the home directory of the user. */
async function outcome(home: string): Promise<string> {
  const env = { HOME: home, XDG_CACHE_HOME: `${scratch}/cache` }
  const all = [
    await landfall(['convert', project, '--offline', '-o', '-'], { env }),
    await landfall(['check', project], { env }),
    await landfall(['plan', project, '--offline'], { env }),
  ]
  return all.map(({ code, stdout, stderr }) => `${code}\n${stderr}${stdout}`).join('\n')
}

/** Puts files where the binds point to. */
async function fill(root: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(`${root}/${name.slice(0, name.lastIndexOf('/'))}`, { recursive: true })
    await writeFile(`${root}/${name}`, 'content\n')
  }
}

test('nothing, empty directories, files and directories of files give the same', async () => {
  const home = `${scratch}/home`
  await mkdir(home)
  const nothing = await outcome(home)
  expect(nothing).toContain('claimName')
  await mkdir(`${outside}/media`, { recursive: true })
  await mkdir(`${home}/pgdata`)
  expect(await outcome(home)).toBe(nothing)
  await fill(outside, ['media/film.mkv', 'app.db'])
  await fill(home, ['pgdata/PG_VERSION', 'wallet/key'])
  expect(await outcome(home)).toBe(nothing)
  await rm(`${outside}/media`, { recursive: true })
  await writeFile(`${outside}/media`, 'a file\n')
  expect(await outcome(home)).toBe(nothing)
})

test('configuration from outside is an error until landfall.yaml names it, whether it is there or not', async () => {
  const home = `${scratch}/elsewhere`
  await rm(`${project}/landfall.yaml`)
  const missing = await outcome(home)
  expect(missing).toContain('~/.app.conf is outside of the project')
  expect(missing).toContain('accept: [~/.app.conf]')
  expect(missing).not.toContain('claimName')
  await fill(home, ['.app.conf'])
  const there = await outcome(home)
  expect(there).toContain('~/.app.conf is outside of the project')
  expect(there).not.toContain('claimName')
  await writeFile(`${project}/landfall.yaml`, SETTINGS)
})

test('root and another user have the same, whatever their home directories are called', async () => {
  const [user, root] = [await outcome('/home/somebody'), await outcome('/root')]
  expect(root).toBe(user)
  expect(user).toContain('~/pgdata')
  expect(user).not.toMatch(/\/home\/somebody|\/root/)
})
