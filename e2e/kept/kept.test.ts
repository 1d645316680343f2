import { appendFile, chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  eventually,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What programs write where Docker keeps it outlives the pods, and every service sees it where Docker shows it.

const namespace = testNamespace('e2e-kept')
const project = await mkdtemp(`${tmpdir()}/landfall-kept-`)
afterAll(async () => {
  for (const path of [project, `${project}-outside`])
    await rm(path, { recursive: true, force: true })
})

let printed = ''
beforeAll(async () => {
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  await mkdir(`${project}/both`)
  await chmod(`${project}/both`, 0o777)
  await writeFile(`${project}/acme.json`, '', { mode: 0o600 })
  const outside = `${project}-outside`
  await mkdir(`${outside}/brought`, { recursive: true })
  await writeFile(`${outside}/brought/file`, 'brought\n')
  await appendFile(`${project}/.env`, `OUTSIDE=${outside}\n`)
  await writeFile(
    `${project}/landfall.yaml`,
    `accept: [${outside}/brought]
volumes:
  ./etc: { as: storage }
  ./library: { as: config }
  ./one.conf: { as: storage }
  ./two.db: { as: config }
  ${outside}/brought: { as: config }
  ${outside}/here: { as: host }
`,
  )
  printed = (await landfallOnCluster(namespace, 'up', [project])).stderr
})

async function within(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', service, '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).trim()
}

/** All pods go at once; new ones take their place. */
async function loseAllPods(): Promise<void> {
  const before = new Set((await namespace.list('pods')).map(({ metadata }) => metadata.uid))
  await namespace.kubectl(['delete', 'pods', '--all', '--wait=false'])
  await eventually(400_000, async () => {
    const pods = await namespace.list('pods')
    expect(pods.filter(({ metadata }) => before.has(metadata.uid))).toEqual([])
    const ready = pods.filter(({ status }) => status.containerStatuses?.[0]?.ready === true)
    expect(ready).toHaveLength(11)
  })
}

const STATE =
  'cat /srv/abc/note /opt/app/settled/config.xml /opt/app/settled/more /in/job /srv/app.db /acme.json /mosquitto/config/passwd /tokens/outer /tokens/app/inner /data/film /data/torrents/film.part'
const KEPT = [
  ...['note', '<Config><Port>2</Port></Config>', 'more', 'job', 'rows', '{"key":1}', 'admin:two'],
  ...['outer', 'inner', 'film', 'part'],
].join('\n')

test('check reports what up reports, and nothing of it stops up', async () => {
  const { code, stdout } = await landfall(['check', project])
  expect(code).toBe(0)
  for (const line of stdout.match(/\[convert\/bind-\w+\]$/gm) ?? []) expect(printed).toContain(line)
  expect(printed).toContain('/mnt/media is outside the project')
})

test('a service sees what another writes above, below and in the same folder, and in the same file', async () => {
  await within('writer', 'echo note > /srv/abc/note; echo job > /in/job')
  await within(
    'writer',
    'cd /opt/app/settled && sed -i s/1/2/ config.xml && echo more > more; mkdir -p /tokens/app; echo outer > /tokens/outer',
  )
  await within('writer', 'mkdir -p /data/torrents; echo film > /data/film')
  await within('reader', 'echo inner > /app-tokens/inner; echo part > /downloads/film.part')
  await within(
    'writer',
    'echo rows > /srv/app.db; echo \'{"key":1}\' > /acme.json; echo admin:two > /mosquitto/config/passwd',
  )
  expect(await within('reader', 'cat /seen/config.xml /seen/more /passwd')).toBe(
    '<Config><Port>2</Port></Config>\nmore\nadmin:two',
  )
  expect(await within('writer', STATE)).toBe(KEPT)
  expect(await within('reader', 'touch /seen/x 2>&1 || true')).toContain('Read-only')
})

test('a mounted file has the mode of the project and stays the one that is mounted', async () => {
  expect(await within('writer', 'stat -c %a /acme.json')).toBe('600')
  // As under Docker: it is a mount point, which no other file takes the place of.
  expect(await within('writer', 'sed -i s/rows/lost/ /srv/app.db 2>&1; cat /srv/app.db')).toMatch(
    /busy[\s\S]*rows$/,
  )
})

/** Python that runs statements of SQL on the database, and prints what the last one selects. */
const sql = (...statements: string[]) =>
  `python3 -c 'import sqlite3; c = sqlite3.connect("/srv/notes.sqlite"); [r] = [[*c.execute(s)] for s in ${JSON.stringify(statements)}][-1:]; c.commit(); print(r)'`

test('a database in a single file is written', async () => {
  const written = sql(
    'create table note (n int)',
    'insert into note values (7)',
    'select * from note',
  )
  expect(await within('database', written)).toBe('[(7,)]')
})

test('a one-shot fills a folder of placeholders, and another service reads it', async () => {
  expect(await within('web', 'ls -A /ssl; cat /ssl/ca.crt')).toBe('.gitignore\nca.crt\nruns\nCERT')
})

test('two users write one tree', async () => {
  await within('alice', 'echo alice > /both/alice')
  await within('bob', 'echo bob > /var/lib/both/bob')
  expect(await within('alice', 'cat /both/bob; ls /both')).toBe('bob\nalice\nbob')
  expect(await within('bob', 'stat -c %u /var/lib/both/alice /var/lib/both/bob')).toBe('1000\n2000')
})

test('folders are owned by the program that writes them, new ones and those of the project', async () => {
  expect(await within('alice', 'stat -c "%u:%g %a" /notes /both /owned/settings.json')).toBe(
    '1000:1000 755\n1000:1000 777\n1000:1000 644',
  )
  await within('alice', 'echo note > /notes/note; echo changed > /owned/settings.json')
})

test('mounts lie inside of a folder that is kept', async () => {
  await within('nest', 'echo x > /nest/x; echo y > /nest/inner/y; echo z > /nest/memory/z')
  expect(await within('nest', 'cat /nest/app.ini; touch /nest/app.ini 2>&1 || true')).toMatch(
    /^a = 1\n.*Read-only/,
  )
})

test('an empty volume begins with the content of the image, a bind hides it', async () => {
  expect(await within('content', 'ls /etc/nginx/conf.d')).toBe('default.conf')
  expect(await within('content', 'ls /usr/share/nginx')).toContain('html')
  expect(await within('content', 'ls -A /usr/share/nginx/html')).toBe('')
  await within(
    'content',
    'echo page > /usr/share/nginx/html/page; cd /etc/nginx/conf.d && mv default.conf mine.conf',
  )
})

const DECLARED =
  'cat /etc/app/app.ini /etc/one.conf; ls /etc/app /library; cat /two.db; ls /data; cat /here/note'

test('landfall.yaml makes a claim, a copy for the pod or a path of the node of any bind', async () => {
  const write =
    'echo 2 > /etc/app/app.ini; echo two > /etc/one.conf; touch /etc/app/more /library/mine; echo mine > /two.db; touch /data/mine; echo here > /here/note'
  expect(await within('declared', 'cat /library/book.txt /data/file')).toBe('book\nbrought')
  await within('declared', write)
  expect(await within('sharer', DECLARED)).toBe(
    '2\ntwo\n/etc/app:\napp.ini\nmore\n\n/library:\nbook.txt\ntwo\nfile\nhere',
  )
})

test('all of it survives the pods', async () => {
  await loseAllPods()
  expect(await within('writer', STATE)).toBe(KEPT)
  expect(await within('database', sql('select * from note'))).toBe('[(7,)]')
  expect(await within('configured', 'cat /etc/app/conf.d/*')).toBe('a = 1\nstart\nstart')
  expect(await within('web', 'cat /ssl/ca.crt /ssl/runs')).toBe('CERT\nonce')
  expect(await within('bob', 'cat /var/lib/both/alice')).toBe('alice')
  expect(await within('alice', 'cat /notes/note /owned/settings.json')).toBe('note\nchanged')
  expect(await within('nest', 'cat /nest/x /nest/inner/y; ls /nest/memory')).toBe('x\ny')
  expect(await within('declared', DECLARED)).toBe(await within('sharer', DECLARED))
  expect(await within('content', 'cat /usr/share/nginx/html/page; ls -A /etc/nginx/conf.d')).toBe(
    'page\nmine.conf',
  )
})

test('and a changed project: what a program changed is kept and reported, the rest follows', async () => {
  await writeFile(`${project}/settled/config.xml`, '<Config><Port>9</Port></Config>\n')
  await writeFile(`${project}/settled/new.xml`, '<New/>\n')
  await writeFile(`${project}/passwd`, 'admin:three\n')
  await writeFile(`${project}/settings.ini`, 'level = 2\n')
  await writeFile(`${project}/one.conf`, 'one = 2\n')
  await writeFile(`${project}/two.db`, 'three\n')
  const { stderr } = await landfallOnCluster(namespace, 'up', [project])
  expect(stderr).toContain('./settled/config.xml was changed by the program')
  expect(stderr).toContain('./passwd was changed by the program')
  expect(stderr).not.toContain('app.db was changed')
  expect(await within('writer', STATE)).toBe(KEPT)
  expect(await within('reader', 'cat /seen/new.xml')).toBe('<New/>')
  expect(await within('sharer', 'cat /etc/one.conf /two.db')).toBe('two\nthree')
  expect(await within('configured', 'cat /etc/app/settings.ini')).toBe('level = 2')
})

test('down keeps it for the next up, where --reset-files takes one file of the project', async () => {
  await landfallOnCluster(namespace, 'down', [project])
  await landfallOnCluster(namespace, 'up', [project, '--reset-files', './passwd'])
  expect(await within('writer', STATE)).toBe(KEPT.replace('admin:two', 'admin:three'))
  expect(await within('alice', 'cat /notes/note /both/bob')).toBe('note\nbob')
})
