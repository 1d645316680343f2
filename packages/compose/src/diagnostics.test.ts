// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such texts are what is tested
import { formatSpan, type Sources, type Span } from '@landfall/diagnostic'
import { describe, expect, test } from 'vitest'
import {
  type ComposeCode,
  composeCodes,
  type LoadInput,
  loadProject,
  memoryFiles,
} from './index.ts'

/** What a person is told: code, place, the text that is marked, path and hint of every diagnostic. */
function diagnose(files: Record<string, string>, input: Partial<LoadInput> = {}): string[] {
  const contents = Object.entries(files).map(([name, text]) => [`/home/me/shop/${name}`, text])
  const { diagnostics, sources } = loadProject({
    files: memoryFiles(Object.fromEntries(contents)),
    workingDirectory: '/home/me/shop',
    environment: {},
    ...input,
  })
  return diagnostics.map(({ code, severity, at, path, hint }) =>
    [severity, code, at && `${formatSpan(at, sources)} ${marked(at, sources)}`, path, hint]
      .filter(Boolean)
      .join(' | '),
  )
}

function marked({ file, start, end }: Span, sources: Sources): string {
  const [first = '', ...more] = sources.get(file)?.slice(start, end).split('\n') ?? []
  return `«${first}${more.length > 0 ? '…' : ''}»`
}

const web = (attributes: string) => `services:\n  web:\n    image: nginx\n    ${attributes}\n`

/** One mistake each, and the one diagnostic that it gives. */
const mistakes: Record<string, [yaml: string, diagnostic: string]> = {
  'a quote that is not closed': [
    'services:\n  web:\n    image: "nginx\n',
    'error | compose/yaml-syntax | compose.yaml:3:12 «"» | close it with "',
  ],
  'a bracket that is not closed': [
    web('ports: [80, 81\n    tty: true'),
    'error | compose/yaml-syntax | compose.yaml:4:12 «[» | close it with ]',
  ],
  'a tab': [
    'services:\n\tweb: {}\n',
    'error | compose/yaml-syntax | compose.yaml:2:1 «	» | indent with spaces',
  ],
  'a colon in a value': [
    web('command: echo: hi: there'),
    'error | compose/yaml-syntax | compose.yaml:4:14 «e» | put the value in quotes',
  ],
  'an alias without an anchor': [
    web('labels: *common'),
    'error | compose/yaml-syntax | compose.yaml:4:13 «*common» | define it with "&common" further up in the same file',
  ],
  'an anchor that contains itself': [
    'x-a: &a { b: *a }\nservices: { web: { image: nginx } }\n',
    'error | compose/yaml-syntax | compose.yaml:1:14 «*a»',
  ],
  'a key that stands twice': [
    web('image: httpd'),
    'error | compose/duplicate-key | compose.yaml:4:5 «image» | /services/web/image | remove one of the two',
  ],
  'a key that is a number': [
    web('labels: { 1: a }'),
    'error | compose/non-text-key | compose.yaml:4:15 «1» | /services/web/labels | quote it: "1"',
  ],
  'an empty file': [
    '',
    'error | compose/empty-file | compose.yaml:1:1 «» | start with "services:"',
  ],
  'a list at the top': [
    '- web\n',
    'error | compose/not-a-mapping | compose.yaml:1:1 «- web» | start with "services:"',
  ],
  'an unknown key': [
    web('enviroment: [A=1]'),
    'error | compose/unknown-key | compose.yaml:4:5 «enviroment» | /services/web/enviroment | did you mean "environment"?',
  ],
  'a key of a service at the top': [
    `image: nginx\n${web('tty: true')}`,
    'error | compose/unknown-key | compose.yaml:1:1 «image» | /image | "image" belongs into a service, under "services:".',
  ],
  'a name with a space': [
    'services:\n  my web: { image: nginx }\n',
    'error | compose/unknown-key | compose.yaml:2:3 «my web» | /services/my web | names consist of letters, digits, ".", "_" and "-"',
  ],
  'a wrong type': [
    web('ports: "80"'),
    'error | compose/wrong-type | compose.yaml:4:12 «"80"» | /services/web/ports | for example: ports: ["8080:80"]',
  ],
  'a wrong value': [
    web('depends_on: { web2: { condition: service_helthy } }\n  web2: { image: nginx }'),
    'error | compose/not-allowed-value | compose.yaml:4:38 «service_helthy» | /services/web/depends_on/web2/condition | did you mean "service_healthy"? allowed: service_started, service_healthy, service_completed_successfully',
  ],
  'a missing key': [
    web('volumes: [{ target: /data }]'),
    'error | compose/missing-key | compose.yaml:4:15 «{ target: /data }» | /services/web/volumes/0',
  ],
  'an item that stands twice': [
    web('security_opt: [a, a]'),
    'error | compose/duplicate-item | compose.yaml:4:23 «a» | /services/web/security_opt/1 | remove one of the two',
  ],
  'a variable that must be set': [
    web(`user: \${USER_ID:?say who}`),
    'error | compose/required-variable | compose.yaml:4:11 «${USER_ID» | /services/web/user | set USER_ID in the environment or in the .env file',
  ],
  'a variable that is not set': [
    web('user: $USER_ID'),
    'warning | compose/unset-variable | compose.yaml:4:11 «$USER_ID» | /services/web/user | set USER_ID in the environment or in the .env file, or give a default: ${USER_ID:-…}',
  ],
  'a dollar sign that is no variable': [
    web(`user: "\${1}"`),
    'error | compose/invalid-interpolation | compose.yaml:4:12 «${1}» | /services/web/user | write $$ for a dollar sign; variables are $NAME, ${NAME}, ${NAME:-default}',
  ],
  'a text where a number belongs': [
    web('scale: many'),
    'error | compose/invalid-value | compose.yaml:4:12 «many» | /services/web/scale',
  ],
  'an old boolean': [
    web('tty: "yes"'),
    'warning | compose/yaml-1.1-boolean | compose.yaml:4:10 «"yes"» | /services/web/tty | write true',
  ],
  'a duration without a unit': [
    web('stop_grace_period: "10"'),
    'error | compose/invalid-value | compose.yaml:4:24 «"10"» | /services/web/stop_grace_period',
  ],
  'a port out of range': [
    web('ports: ["80:70000"]'),
    'error | compose/invalid-port | compose.yaml:4:13 «"80:70000"» | /services/web/ports/0 | write "80", "8080:80", "127.0.0.1:8080:80" or "8000-8010:9000-9010/udp"',
  ],
  'a volume with too many parts': [
    web('volumes: ["data:/b:ro:x"]'),
    'error | compose/invalid-mount | compose.yaml:4:15 «"data:/b:ro:x"» | /services/web/volumes/0 | write "name:/path", "./directory:/path" or "/path", with ":ro" for read-only',
  ],
  'a command with an open quote': [
    web(`command: sh -c 'echo`),
    "error | compose/invalid-command | compose.yaml:4:14 «sh -c 'echo» | /services/web/command",
  ],
  'no image': [
    'services:\n  web:\n    tty: true\n',
    'error | compose/no-image | compose.yaml:2:3 «web» | /services/web | set "image: name:tag" or "build: ./directory"',
  ],
  'an env_file that is missing': [
    web('env_file: web.env'),
    'error | compose/env-file-not-found | compose.yaml:4:15 «web.env» | /services/web/env_file/0 | create it, or make it optional with "path:" and "required: false"',
  ],
  'a label_file that is missing': [
    web('label_file: web.labels'),
    'error | compose/label-file-not-found | compose.yaml:4:17 «web.labels» | /services/web/label_file/0 | create it',
  ],
  'a dependency that does not exist': [
    web('depends_on: [wbe2]\n  web2: { image: nginx }'),
    'error | compose/undefined-service | compose.yaml:4:18 «wbe2» | /services/web/depends_on/wbe2 | did you mean "web2"?',
  ],
  'a dependency that no profile enables': [
    web('depends_on: [db]\n  db: { image: postgres, profiles: [data] }'),
    'error | compose/disabled-service | compose.yaml:4:18 «db» | /services/web/depends_on/db | enable it with --profile data',
  ],
  'a circle of dependencies': [
    web('depends_on: [db]\n  db: { image: postgres, depends_on: [web] }'),
    'error | compose/dependency-cycle | compose.yaml:4:18 «db» | /services/web/depends_on/db | remove one of these dependencies',
  ],
  'an undefined network': [
    web('networks: [back]'),
    'error | compose/undefined-network | compose.yaml:4:16 «back» | /services/web/networks/back | define it at the top level: "networks: { back: {} }"',
  ],
  'an undefined volume': [
    web('volumes: ["data:/data"]'),
    'error | compose/undefined-volume | compose.yaml:4:15 «"data:/data"» | /services/web/volumes/0 | define it at the top level: "volumes: { data: {} }", or write "./data" for a directory',
  ],
  'an undefined secret': [
    web('secrets: [token]'),
    'error | compose/undefined-secret | compose.yaml:4:15 «token» | /services/web/secrets/0 | define it at the top level: "secrets: { token: {} }"',
  ],
  'an undefined config': [
    web('configs: [site]'),
    'error | compose/undefined-config | compose.yaml:4:15 «site» | /services/web/configs/0 | define it at the top level: "configs: { site: {} }"',
  ],
  'an undefined model': [
    web('models: [llm]'),
    'error | compose/undefined-model | compose.yaml:4:14 «llm» | /services/web/models/llm | define it at the top level: "models: { llm: {} }"',
  ],
  'two mounts in one place': [
    web('volumes: [/data]\n    tmpfs: /data'),
    'error | compose/duplicate-target | compose.yaml:4:15 «/data» | /services/web/volumes/0 | remove one of the two',
  ],
  'one container name for two services': [
    web('container_name: one\n  db: { image: postgres, container_name: one }'),
    'error | compose/duplicate-container-name | compose.yaml:5:42 «one» | /services/db/container_name | set a different container_name for each, or remove it',
  ],
  'two keys that exclude each other': [
    web('network_mode: host\n    networks: [default]'),
    'error | compose/conflicting-keys | compose.yaml:5:5 «networks» | /services/web/networks | keep one of the two',
  ],
  'a name without letters': [
    `name: "---"\n${web('tty: true')}`,
    'error | compose/invalid-project-name | /name | set a name with "name:" at the top of the Compose file, or with -p',
  ],
  'a base that does not exist': [
    web('extends: wbe2\n  web2: { image: nginx }'),
    'error | compose/extends-not-found | compose.yaml:4:14 «wbe2» | /services/web/extends | did you mean "web2"?',
  ],
  'a circle of extends': [
    web('extends: web'),
    'error | compose/extends-cycle | compose.yaml:4:14 «web» | /services/web/extends',
  ],
  'an include that does not exist': [
    `include: [other.yaml]\n${web('tty: true')}`,
    'error | compose/no-file | compose.yaml:1:11 «other.yaml» | /include/0',
  ],
  'a file that includes itself': [
    `include: [compose.yaml]\n${web('tty: true')}`,
    'error | compose/include-cycle | compose.yaml:1:11 «compose.yaml» | /include/0 | remove one of these includes',
  ],
  'a value that is indented too little': [
    'services:\n  web:\n    tty: true\n    image: nginx\n  ports: ["80"]\n',
    'error | compose/wrong-type | compose.yaml:5:10 «["80"]» | /services/ports | "ports" belongs into a service: indent it under the name of one.',
  ],
  'no space after a colon': [
    'services:\n  web:\n    image:nginx\n',
    'error | compose/wrong-type | compose.yaml:3:5 «image:nginx» | /services/web | write a space after the colon: "image: nginx"',
  ],
  'a service without anything': [
    'services:\n  web:\n',
    'error | compose/wrong-type | compose.yaml:2:3 «web» | /services/web | for example: web: { image: nginx:1.27 }',
  ],
  'a service outside of services': [
    'web:\n  image: nginx\n',
    'error | compose/unknown-key | compose.yaml:1:1 «web» | /web | services are defined under "services:", indented',
  ],
  'mappings where texts are listed': [
    web('environment:\n      - A: 1'),
    'error | compose/wrong-type | compose.yaml:5:9 «A: 1» | /services/web/environment/0 | put it in quotes, or leave the "-" out where keys and values are meant',
  ],
  'an abbreviated key': [
    web('volumes: [{ type: bind, src: ., target: /a }]'),
    'error | compose/unknown-key | compose.yaml:4:29 «src» | /services/web/volumes/0/src | did you mean "source"?',
  ],
  'half of a word': [
    web('depends_on: { db: { condition: healthy } }\n  db: { image: postgres }'),
    'error | compose/not-allowed-value | compose.yaml:4:36 «healthy» | /services/web/depends_on/db/condition | did you mean "service_healthy"? allowed: service_started, service_healthy, service_completed_successfully',
  ],
  'a word of several': [
    web('pull_policy: allways'),
    'error | compose/not-allowed-value | compose.yaml:4:18 «allways» | /services/web/pull_policy | for example: pull_policy: always',
  ],
  'a date': [
    web('labels: { day: 2020-01-31 }'),
    'error | compose/wrong-type | compose.yaml:4:20 «2020-01-31» | /services/web/labels/day',
  ],
  'a link to nobody': [
    web('links: ["dbb:database"]\n  db: { image: postgres }'),
    'error | compose/undefined-service | compose.yaml:4:13 «"dbb:database"» | /services/web/depends_on/dbb | did you mean "db"?',
  ],
  'the network of nobody': [
    web('network_mode: service:dbb\n  db: { image: postgres }'),
    'error | compose/undefined-service | compose.yaml:4:19 «service:dbb» | /services/web/depends_on/dbb | did you mean "db"?',
  ],
  'a variable inside a text': [
    web('command: sh -c "echo $HOST"'),
    'warning | compose/unset-variable | compose.yaml:4:26 «$HOST» | /services/web/command | set HOST in the environment or in the .env file, or give a default: ${HOST:-…}',
  ],
  'a brace that is not closed': [
    web('command: ["a", "${HOST", "b"]'),
    'error | compose/invalid-interpolation | compose.yaml:4:21 «${HOST» | /services/web/command/1 | write $$ for a dollar sign; variables are $NAME, ${NAME}, ${NAME:-default}',
  ],
  'a secret from nowhere': [
    `${web('secrets: [t]')}secrets:\n  t: {}\n`,
    'error | compose/missing-key | compose.yaml:6:3 «t» | /secrets/t',
  ],
  'a secret from two places': [
    `${web('secrets: [t]')}secrets:\n  t: { file: a, environment: B }\n`,
    'error | compose/conflicting-keys | compose.yaml:6:3 «t» | /secrets/t | keep one of file, environment',
  ],
  'a size in words': [
    web('mem_limit: 5 giga'),
    'error | compose/invalid-value | compose.yaml:4:16 «5 giga» | /services/web/mem_limit',
  ],
  'a limit without its other half': [
    web('ulimits: { nofile: { soft: 1 } }'),
    'error | compose/missing-key | compose.yaml:4:16 «nofile» | /services/web/ulimits/nofile',
  ],
  'an external volume with a driver': [
    `${web('volumes: ["v:/v"]')}volumes:\n  v: { external: true, driver: local }\n`,
    'error | compose/conflicting-keys | compose.yaml:6:24 «driver» | /volumes/v/driver | an external volume exists already; only "name" can be set',
  ],
  'the old version key': [
    `version: "3.8"\n${web('tty: true')}`,
    'warning | compose/obsolete-version | compose.yaml:1:1 «version» | /version | remove the line',
  ],
  'the old external name': [
    `${web('networks: [a]')}networks:\n  a: { external: { name: b } }\n`,
    'warning | compose/deprecated-external-name | compose.yaml:6:26 «b» | /networks/a/external/name | write "name: b" and "external: true"',
  ],
}

describe('one mistake, one diagnostic', () => {
  test.each(Object.entries(mistakes))('%s', (_name, [yaml, diagnostic]) => {
    expect(diagnose({ 'compose.yaml': yaml })).toEqual([diagnostic])
  })

  test('no Compose file: where it was looked for, and for which names', () => {
    expect(diagnose({ 'readme.md': '' })).toEqual([
      'error | compose/no-file | looked for compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml; use -f for another file',
    ])
  })

  test('a named file that is not there: what is there instead', () => {
    expect(diagnose({ 'stack.yaml': '' }, { configFiles: ['stak.yaml'] })).toEqual([
      'error | compose/no-file | in /home/me/shop there is stack.yaml',
    ])
  })

  test('two Compose files side by side', () => {
    expect(diagnose({ 'compose.yaml': web(''), 'docker-compose.yml': web('') })).toEqual([
      'warning | compose/several-files | remove the other files, or choose one with -f',
    ])
  })

  test('an env file that cannot be read is pointed at in its own text', () => {
    const files = { 'compose.yaml': web('env_file: a.env'), 'a.env': 'A=1\nB="open\n' }
    expect(diagnose(files)).toEqual([
      'error | compose/invalid-env-file | a.env:2:3 «"open» | /services/web/env_file/0',
    ])
  })

  test('a variable that is not set in an env file, or in .env', () => {
    const files = { 'compose.yaml': web('env_file: a.env'), 'a.env': 'A=1\nB=pa$word\n' }
    const hint = 'write "$$" for a literal "$", or put the value in single quotes'
    expect(diagnose(files)).toEqual([
      `warning | compose/unset-variable | a.env:2:5 «$word» | /services/web/env_file/0 | ${hint}`,
    ])
    expect(diagnose({ 'compose.yaml': web(''), '.env': 'B=pa$word\n' })).toEqual([
      `warning | compose/unset-variable | .env:1:5 «$word» | ${hint}`,
    ])
  })

  test('an --env-file that is missing', () => {
    expect(diagnose({ 'compose.yaml': web('') }, { envFiles: ['prod.env'] })).toEqual([
      'error | compose/env-file-not-found | looked for /home/me/shop/prod.env',
    ])
  })

  test('a value of another type in a second file', () => {
    const files = {
      'compose.yaml': web('deploy: { replicas: 1 }'),
      'compose.override.yaml': 'services:\n  web:\n    deploy: [1]\n',
    }
    expect(diagnose(files)).toEqual([
      'error | compose/cannot-merge | compose.override.yaml:3:5 «deploy» | /services/web/deploy | write a mapping here too, or replace the earlier one with !override',
    ])
  })

  test('an included service that is defined here too', () => {
    const files = {
      'compose.yaml': `include: [other.yaml]\n${web('')}`,
      'other.yaml': 'services:\n  web: { image: httpd }\n',
    }
    expect(diagnose(files)).toEqual([
      'error | compose/include-conflict | compose.yaml:3:3 «web» | /services/web | rename one of the two, or change the included one in an override file',
    ])
  })

  test('a Compose file that is not text, or too large', () => {
    expect(diagnose({ 'compose.yaml': 'services:\0' })).toEqual([
      'error | compose/unreadable-file | compose.yaml:1:10 «\0» | save the file as UTF-8',
    ])
    expect(diagnose({ 'compose.yaml': '#'.repeat(9 * 1024 * 1024) })).toEqual([
      'error | compose/too-large',
    ])
  })
})

test('all problems of a file are told, and none that follows from another', () => {
  const yaml = [
    'services:',
    '  web:',
    '    imagee: nginx',
    '    depends_on: [db]',
    '    ports: 80',
    '  db:',
    '    image: [postgres]',
    '    volumes: ["data:/data"]',
  ].join('\n')
  expect(diagnose({ 'compose.yaml': yaml }).map((line) => line.split(' | ')[1])).toEqual([
    'compose/unknown-key',
    'compose/wrong-type',
    'compose/wrong-type',
    'compose/undefined-volume',
  ])
})

test('every code is met by a test here', () => {
  const met = new Set(Object.values(mistakes).map(([, line]) => line.split(' | ')[1]))
  const elsewhere: ComposeCode[] = [
    'compose/no-file',
    'compose/several-files',
    'compose/invalid-env-file',
    'compose/cannot-merge',
    'compose/include-conflict',
    'compose/unreadable-file',
    'compose/too-large',
    'compose/outside-file',
    'compose/engine-refuses',
  ]
  expect([...met, ...elsewhere].sort()).toEqual(
    [...Object.keys(composeCodes), 'compose/no-file'].sort(),
  )
})

test('a missing .env is made from its template, in the hints of what needs it', () => {
  const hints = diagnose({
    'compose.yaml': 'services:\n  web:\n    image: "web:${TAG}"\n    env_file: .env\n',
    '.env.example': 'TAG=1\n',
  }).map((line) => line.split(' | ').at(-1))
  expect(hints).toEqual([
    'cp .env.example .env, then edit it',
    'cp .env.example .env, then edit it',
  ])
})

test('a template is not named where .env exists, or where the user names env files', () => {
  const files = {
    'compose.yaml': 'services: { web: { image: "web:${TAG}" } }\n',
    '.env.example': 'TAG=1\n',
  }
  const both = [
    diagnose({ ...files, '.env': 'OTHER=1\n' }),
    diagnose({ ...files, 'my.env': 'OTHER=1\n' }, { envFiles: ['my.env'] }),
  ]
  for (const [line] of both) expect(line).toContain('set TAG in the environment')
})
