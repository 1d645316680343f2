import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-changed-'))
  writeFileSync(
    join(scratch, 'compose.yaml'),
    `services:
  web: { image: a, environment: { DB_PASSWORD: "$\{SECRET}" } }
  db: { image: b, env_file: db.env, volumes: ["vol:/data"] }
  once: { image: c, environment: { DB_PASSWORD: "$\{SECRET}" }, depends_on: [db], restart: "no" }
  waits: { image: d, depends_on: { once: { condition: service_completed_successfully } } }
volumes: { vol: {} }
`,
  )
})
afterEach(() => rmSync(scratch, { recursive: true }))

/** What `convert` prints about changed secrets, with these values of them. */
async function convert(
  out: string,
  web: string,
  db = 'hop-sing-7',
  ...args: string[]
): Promise<string | undefined> {
  writeFileSync(join(scratch, '.env'), `SECRET=${web}\n`)
  writeFileSync(join(scratch, 'db.env'), `ROOT_PASSWORD=${db}\n`)
  const { terminal, printed } = quietTerminal(scratch)
  expect(await run(['convert', '--offline', '-o', out, ...args], terminal)).toBe(0)
  return /^secrets changed: .*$/m.exec(printed.stderr)?.[0]
}

/** All objects in a directory but Secrets. */
function othersIn(out: string): string[] {
  return readdirSync(join(scratch, out))
    .map((name) => readFileSync(join(scratch, out, name), 'utf8'))
    .filter((text) => !text.includes('kind: Secret\n'))
}

test.each(['out', 'all.yaml'])(
  'a Secret that alone has changed in %s: the workloads that use it are named, and no other object differs',
  async (out) => {
    expect(await convert(out, 'first-one-1')).toBeUndefined()
    const before = out === 'out' ? othersIn(out) : []
    expect(await convert(out, 'first-one-1')).toBeUndefined()
    expect(await convert(out, 'second-one-2')).toMatch(
      /^secrets changed: after kubectl apply, pods use the old values until kubectl rollout restart deployment\/web; Jobs run again with kubectl delete job\/once-\w+ before it \(`landfall up` does this itself\)$/,
    )
    if (out === 'out') expect(othersIn(out)).toEqual(before)
    expect(await convert(out, 'second-one-2', 'hop-sing-7', '--comments')).toBeUndefined()
    expect(await convert(out, 'second-one-2', 'another-8')).toMatch(
      /restart (deployment|statefulset)\/db \(/,
    )
  },
)
