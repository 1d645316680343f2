import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

/** In files outside of the project, and never in what is printed or written. */
const PLANTED = 'planted-outside-content'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'landfall-outside-')))
  write('outside/app.conf', `key = ${PLANTED}\n`)
  write('outside/tree/app.conf', `key = ${PLANTED}\n`)
  write('outside/shared.env', `KEY=${PLANTED}\n${PLANTED} x: "\n`)
  write('outside/valid.env', `KEY=${PLANTED}\n`)
  write('outside/compose.yaml', `services: { web: { image: ${PLANTED} } }\n- ${PLANTED}: [\n`)
  write('home/.ssh/id_rsa', PLANTED)
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function link(target: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(target, join(root, path))
}

async function landfall(...args: string[]) {
  return landfallAs('home', ...args)
}

async function landfallAs(home: string, ...args: string[]) {
  const { terminal, printed } = quietTerminal(join(root, 'app'))
  const code = await run(args, { ...terminal, env: { HOME: join(root, home) } })
  return { code, text: printed.stdout + printed.stderr }
}

const web = (more: string, below = '') =>
  `name: p\nservices:\n  web:\n    image: i\n    ${more}\n${below}`

const leaks: Record<string, [compose: string, more?: () => void]> = {
  'a config': [web('configs: [c]', 'configs: { c: { file: ../outside/app.conf } }\n')],
  'a secret': [web('secrets: [c]', 'secrets: { c: { file: ../outside/app.conf } }\n')],
  'a file of the machine': [web('configs: [c]', 'configs: { c: { file: /etc/passwd } }\n')],
  'a file of the kernel': [web('configs: [c]', 'configs: { c: { file: /proc/self/environ } }\n')],
  'a key of the user': [web('configs: [c]', 'configs: { c: { file: ~/.ssh/id_rsa } }\n')],
  'a link': [
    web('configs: [c]', 'configs: { c: { file: ./c.conf } }\n'),
    () => link('../outside/app.conf', 'app/c.conf'),
  ],
  'a directory that is a link': [
    web('configs: [c]', 'configs: { c: { file: ./d/app.conf } }\n'),
    () => link('../outside', 'app/d'),
  ],
  'an env file': [web('env_file: ../outside/shared.env')],
  'a valid env file': [web('env_file: ../outside/valid.env')],
  'a label file': [web('label_file: ../outside/valid.env')],
  'the .env file': [
    web('environment: { A: $KEY }'),
    () => link('../outside/valid.env', 'app/.env'),
  ],
  'an include': [`name: p\ninclude: [../outside/compose.yaml]\n${web('init: true').slice(8)}`],
  'an include of the machine': [`include: [/etc/passwd]\n${web('init: true').slice(8)}`],
  'env file of an include': [
    `include: [{ path: part.yaml, env_file: ../outside/valid.env }]\n`,
    () => write('app/part.yaml', 'name: p\nservices: { web: { image: i, labels: { a: $KEY } } }\n'),
  ],
  'an extended file': [
    'name: p\nservices: { web: { extends: { file: ../outside/compose.yaml, service: web } } }\n',
  ],
  'a bound file': [web('volumes: ["../outside/app.conf:/etc/app.conf:ro"]')],
  'a bound file by its absolute path': [web('volumes: ["ROOT/outside/app.conf:/etc/app.conf:ro"]')],
  'a bound directory': [web('volumes: ["../outside/tree:/etc/app:ro"]')],
  'a bound directory that is written': [web('volumes: ["../outside/tree:/data"]')],
  'a link in a bound directory': [
    web('volumes: ["./conf:/etc/app:ro"]'),
    () => {
      write('app/conf/own.conf', 'own')
      link('../../outside/app.conf', 'app/conf/app.conf')
    },
  ],
  'a link to a directory in a bound directory': [
    web('volumes: ["./conf:/etc/app:ro"]'),
    () => {
      write('app/conf/own.conf', 'own')
      link('../../outside', 'app/conf/more')
    },
  ],
  'a build context': ['name: p\nservices: { web: { build: ../outside } }\n'],
  'the root as a build context': ['name: p\nservices: { web: { build: / } }\n'],
  'a Dockerfile': [
    'name: p\nservices: { web: { build: { context: ., dockerfile: ../outside/app.conf } } }\n',
  ],
  'a further build context': [
    'name: p\nservices: { web: { build: { context: ., additional_contexts: { a: ../outside } } } }\n',
    () => write('app/Dockerfile', 'FROM scratch\n'),
  ],
  'the settings': [web('init: true'), () => link('../outside/app.conf', 'app/landfall.yaml')],
  'the lock file': [web('init: true'), () => link('../outside/app.conf', 'app/landfall.lock')],
  'a Compose file that an env file names': [
    web('init: true'),
    () => write('app/.env', 'COMPOSE_FILE=../outside/compose.yaml\n'),
  ],
}

test.each(Object.entries(leaks))(
  '%s outside of the project is a finding',
  async (_, [compose, more]) => {
    write('app/compose.yaml', compose.replaceAll('ROOT', root))
    more?.()
    for (const args of [
      ['convert', '--offline', '-o', '-'],
      ['check', '--output', 'json'],
    ]) {
      const { code, text } = await landfall(...args)
      expect([code, text]).toEqual([1, expect.stringContaining('outside of the project')])
      expect(text).not.toContain(PLANTED)
      expect(text).not.toContain(Buffer.from(PLANTED).toString('base64').slice(0, 20))
    }
  },
)

test('the line that is proposed accepts the file, and every run says so', async () => {
  write(
    'app/compose.yaml',
    web('configs: [c]\n    env_file: ../outside/valid.env', 'configs: { c: { file: ./c } }\n'),
  )
  link('../outside/app.conf', 'app/c')
  const before = await landfall('convert', '--offline', '-o', '-')
  const accept = [...before.text.matchAll(/accept: \[(.*)\]/g)].map(([, path]) => path)
  write('app/landfall.yaml', `accept: [${accept.join(', ')}]\n`)
  const next = await landfall('convert', '--offline', '-o', '-')
  const rest = [...next.text.matchAll(/accept: \[(.*)\]/g)].map(([, path]) => path)
  write('app/landfall.yaml', `accept: [${[...accept, ...rest].join(', ')}]\n`)
  const after = await landfall('convert', '--offline', '-o', '-')
  expect(after.code, after.text).toBe(0)
  // What is also the value of KEY is secret, so the file goes into a Secret.
  expect(after.text).toContain(btoa(`key = ${PLANTED}\n`))
  expect(after.text).toContain('note: landfall.yaml accepts files outside of the project')
})

const ordinary: Record<string, [args: string[], more: () => void]> = {
  'a shared env file in the same repository': [
    [],
    () => {
      write('.git/HEAD', 'ref: refs/heads/main\n')
      write('app/compose.yaml', web('env_file: ../shared.env'))
      write('shared.env', 'A=1\n')
    },
  ],
  'a build context above it in a repository that was downloaded as an archive': [
    [],
    () => {
      mkdirSync(join(root, '.github'))
      write('app/compose.yaml', 'name: p\nservices: { web: { build: { context: .. } } }\n')
      write('Dockerfile', 'FROM scratch\nCMD ["/a"]\n')
    },
  ],
  'a file of another directory of the same repository': [
    [],
    () => {
      write('.git/HEAD', 'ref: refs/heads/main\n')
      write('app/compose.yaml', `name: p\ninclude: [../common/compose.yml]\n`)
      write('common/compose.yml', 'services: { web: { image: i, env_file: ./a.env } }\n')
      write('common/a.env', 'A=1\n')
    },
  ],
  'a Compose file that the user names': [
    ['-f', '../compose.yaml'],
    () => {
      write('compose.yaml', web('env_file: ./shared.env'))
      write('shared.env', 'A=1\n')
    },
  ],
  'a file next to a second Compose file': [
    ['-f', 'compose.yaml', '-f', '../more/compose.yaml'],
    () => {
      write('app/compose.yaml', web('init: true'))
      write('more/compose.yaml', 'services: { web: { env_file: ../more/a.env } }\n')
      write('more/a.env', 'A=1\n')
    },
  ],
  'an env file that the user names': [
    ['--env-file', '../shared.env'],
    () => {
      write('app/compose.yaml', web('env_file: ../shared.env'))
      write('shared.env', 'A=1\n')
    },
  ],
  'a project directory that the user names': [
    ['--project-directory', '..', '-f', 'compose.yaml'],
    () => {
      write('app/compose.yaml', web('env_file: ./shared.env'))
      write('shared.env', 'A=1\n')
    },
  ],
  'an empty device': [[], () => write('app/compose.yaml', web('env_file: /dev/null'))],
}

test.each(Object.entries(ordinary))('%s belongs to the project', async (_, [args, more]) => {
  more()
  const { code, text } = await landfallAs('../home', 'convert', ...args, '--offline', '-o', '-')
  expect([code, text]).toEqual([0, expect.not.stringContaining('outside')])
})

test.each([
  ['a repository in the home directory', () => write('home/.git/HEAD', 'ref: x\n')],
  ['a directory named .git that is none', () => mkdirSync(join(root, 'home/.git'))],
  ['a directory named .github in the home directory', () => mkdirSync(join(root, 'home/.github'))],
])('%s does not make all of it one project', async (_, plant) => {
  plant()
  write('home/other.conf', PLANTED)
  write('home/app/compose.yaml', web('configs: [c]', 'configs: { c: { file: ../other.conf } }\n'))
  const { code, text } = await landfall('check', '../home/app')
  expect([code, text]).toEqual([1, expect.stringContaining('other.conf')])
})

test.each([['a key in a project that is a home directory', 'home', './.ssh/id_rsa']])(
  '%s has to be accepted',
  async (_, directory, file) => {
    write(`${directory}/compose.yaml`, web('configs: [c]', `configs: { c: { file: ${file} } }\n`))
    const { code, text } = await landfall('check', `../${directory}`)
    expect([code, text]).toEqual([1, expect.stringContaining('outside of the project')])
  },
)

test('config reads what Docker Compose reads, and quotes nothing of it in errors', async () => {
  write('app/compose.yaml', web('env_file: ../outside/shared.env'))
  const broken = await landfall('config')
  expect(broken.code).toBe(1)
  expect(broken.text).not.toContain(PLANTED)
  write('app/compose.yaml', 'name: p\ninclude: [../outside/compose.yaml]\n')
  const included = await landfall('config')
  expect(included.code).toBe(1)
  expect(included.text).not.toContain(PLANTED)
  write('app/compose.yaml', web('env_file: ../outside/valid.env'))
  expect(await landfall('config')).toMatchObject({ code: 0 })
})

test('an error in an env file shows its line and not its content', async () => {
  write('app/compose.yaml', web('env_file: ./a.env'))
  write('app/a.env', `OK=1\n${PLANTED} x: "\n`)
  const { code, text } = await landfall('check')
  expect([code, text]).toEqual([1, expect.stringContaining('a.env:2:')])
  expect(
    text
      .split('\n')
      .filter((line) => line.includes('|'))
      .join(),
  ).not.toContain(PLANTED)
})

test.each(['present', 'missing'])(
  'a file of configuration outside of the project that is %s',
  async (state) => {
    const outside = join(root, 'outside/etc/app.conf')
    if (state === 'present') write('outside/etc/app.conf', 'key = 1\n')
    write('app/compose.yaml', web(`volumes: ["${outside}:/etc/app/app.conf:ro"]`))
    const refused = await landfall('check')
    expect(refused.code).toBe(1)
    expect(refused.text).toContain('[convert/outside-file]')

    for (const settings of [
      'accept: [../outside/etc/app.conf]',
      `accept: [${outside}]`,
      `volumes: { ${outside}: { as: config } }`,
    ]) {
      write('app/landfall.yaml', `${settings}\n`)
      expect(await landfall('check')).toMatchObject({ code: 0 })
    }
  },
)

test('a Compose file does not accept what it mounts from outside', async () => {
  const outside = join(root, 'outside/app.conf')
  const settings = `x-landfall: { volumes: { ${outside}: { as: config } } }\n`
  write('app/compose.yaml', web(`volumes: ["${outside}:/etc/app/app.conf:ro"]`, settings))
  const { code, text } = await landfall('check')
  expect(code).toBe(1)
  expect(text).not.toContain(PLANTED)
})
