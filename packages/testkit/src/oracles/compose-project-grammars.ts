import fc from 'fast-check'
import type { ComposeCase, ComposeFlags } from './compose.ts'
import { forms, wrongForms } from './compose-forms.ts'

/** One of several texts. */
const one = (...texts: readonly string[]) => fc.constantFrom(...texts)

const attributeOf = (table: Readonly<Record<string, readonly string[]>>) =>
  one(...Object.keys(table)).chain((key) =>
    one(...(table[key] ?? [])).map((value) => ({ key, value })),
  )

/** Few are wrong: one error hides all other differences. */
const attribute = fc.oneof(
  { arbitrary: attributeOf(forms), weight: 20 },
  { arbitrary: attributeOf(wrongForms), weight: 1 },
)

/** The attributes of a service, each once. */
const attributes = (least: number, most: number) =>
  fc.uniqueArray(attribute, { minLength: least, maxLength: most, selector: ({ key }) => key })

type Attribute = { readonly key: string; readonly value: string }

function service(own: readonly Attribute[], ...more: readonly string[]): string {
  return `{ ${['image: i', ...own.map(({ key, value }) => `${key}: ${value}`), ...more].join(', ')} }`
}

const environment = { SET: 'val', EMPTY: '', YES: 'true', TWO: '2' }

const others = `  o: { image: o, healthcheck: { test: x } }
networks: { n: , m: { driver: x } }
volumes: { v: , w: { labels: [a] } }
secrets: { s: { file: ./s } }
configs: { c: { content: cc } }
`

const helpers = { 'e.env': 'A=env\nB=$SET\n', 'd/e.env': 'A=below\nC\n', l: 'LL=1\n' }

function caseOf(files: Record<string, string>, flags: ComposeFlags = {}): ComposeCase {
  return { name: 'fuzz', files: { ...helpers, ...files }, flags: { environment, ...flags } }
}

const forms1 = attributes(1, 4).map((own) =>
  caseOf({ 'compose.yaml': `services:\n  s: ${service(own)}\n${others}` }),
)

const forms2 = fc
  .record({ base: attributes(1, 4), over: attributes(1, 4), both: attribute })
  .chain(({ base, over, both }) =>
    one(...(forms[both.key] ?? ['null'])).map((again) => {
      const first = [...base.filter(({ key }) => key !== both.key), both]
      const second = [
        ...over.filter(({ key }) => key !== both.key),
        { key: both.key, value: again },
      ]
      return caseOf(
        {
          'a.yaml': `services:\n  s: ${service(first)}\n${others}`,
          'b.yaml': `services:\n  s: ${service(second)}\n`,
        },
        { files: ['a.yaml', 'b.yaml'] },
      )
    }),
  )

const place = one('compose.yaml', 'x.yaml', 'd/y.yaml')
const named = one('a', 'b', 'c')
const chains = fc
  .array(
    fc.record({
      in: place,
      name: named,
      file: fc.option(place),
      of: named,
      own: attributes(0, 2),
      short: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((entries) => {
    const services: Record<string, Record<string, string>> = {
      'compose.yaml': { a: service([]) },
      'x.yaml': { b: service([]) },
      'd/y.yaml': { c: service([]) },
    }
    for (const entry of entries) {
      const path = entry.in.startsWith('d/') ? entry.file?.replace('d/', '') : entry.file
      const file = path == null ? '' : `file: ${path}, `
      const target = entry.short && file === '' ? entry.of : `{ ${file}service: ${entry.of} }`
      const list = services[entry.in] as Record<string, string>
      list[entry.name] = service(entry.own, `extends: ${target}`)
    }
    const texts = Object.entries(services).map(([file, list]) => [
      file,
      `services:\n${Object.entries(list)
        .map(([name, text]) => `  ${name}: ${text}\n`)
        .join('')}${others}`,
    ])
    return caseOf(Object.fromEntries(texts))
  })

const included = one(
  'x.yaml',
  '{ path: x.yaml }',
  '{ path: d/y.yaml }',
  '{ path: d/y.yaml, project_directory: . }',
  '{ path: [d/y.yaml, d/z.yaml] }',
  '{ path: [d/y.yaml, x.yaml], env_file: e.env }',
  '{ path: d/y.yaml, env_file: [e.env, d/e.env] }',
  '{ path: d/y.yaml, env_file: absent }',
  '{ path: d/y.yaml, project_directory: d/sub, env_file: d/e.env }',
  '{ path: [] }',
  '{ path: d/absent.yaml }',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
  '{ path: "${DIR:-d}/y.yaml" }',
)
// biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
const value = one('"${A:-none}"', '"${A}-${B:-b}"', '"$SET"', '${C:-c}', '"${A?needed}"')
const includes = fc
  .record({
    list: fc.array(included, { minLength: 1, maxLength: 3 }),
    own: attributes(0, 2),
    x: attributes(0, 2),
    y: attributes(0, 2),
    value,
    name: one('s', 't', 'u'),
    nested: fc.boolean(),
    dotenv: one('', 'A=dot\n', 'B=dot\nDIR=d\n'),
    below: one('', 'A=below-dot\n'),
  })
  .map(({ list, own, x, y, value: text, name, nested, dotenv, below }) =>
    caseOf({
      'compose.yaml': `include: [${list.join(', ')}]\nservices:\n  s: ${service(own)}\n${others}`,
      'x.yaml': `services:\n  ${name}: ${service(x, `hostname: ${text}`)}\n  xo: { image: xo }\n`,
      'd/y.yaml': `${nested ? 'include: [z.yaml]\n' : ''}services:\n  y: ${service(y, `hostname: ${text}`)}\nnetworks: { n: }\nvolumes: { v: }\n`,
      'd/z.yaml': `services:\n  ${nested ? 'z' : 'y'}: { image: z, hostname: ${text}, env_file: e.env }\n`,
      '.env': dotenv,
      'd/.env': below,
    }),
  )

const section = one('', '{}', '[]', 'null', '!reset null', '!reset {}', '!override {}', '~', 'text')
const sections = ['networks', 'volumes', 'secrets', 'configs', 'services']
const nothing = fc
  .record({
    at: one(...sections, 'include', 'name', 'x-a', 'models', 'version'),
    base: section,
    over: section,
    third: section,
    inService: one(...Object.keys(forms)),
    empty: section,
    again: section,
  })
  .map(({ at, base, over, third, inService, empty, again }) => {
    const more = at === 'services' ? '' : `services:\n  s: { image: i, ${inService}: ${empty} }\n`
    const second = at === 'services' ? '' : `services:\n  s: { ${inService}: ${again} }\n`
    return caseOf(
      {
        'a.yaml': `${at}: ${base}\n${more}`,
        'b.yaml': `${at}: ${over}\n${second}`,
        'c.yaml': `${at}: ${third}\n`,
      },
      { files: ['a.yaml', 'b.yaml', 'c.yaml'], projectName: 'fuzz' },
    )
  })

const tagged = one('!reset', '!override')
const tags = fc
  .record({
    base: attribute,
    over: attribute,
    tag: tagged,
    inner: tagged,
    where: one('attribute', 'service', 'key', 'item', 'section', 'extends', 'merge-key'),
  })
  .map(({ base, over, tag, inner, where }) => {
    const first = `services:\n  s: ${service([base])}\n${others}`
    const second: Record<string, string> = {
      attribute: `services:\n  s: { ${base.key}: ${tag} ${/^!/.test(base.value) ? 'null' : base.value} }\n`,
      service: `services:\n  s: ${tag} { image: j, ${over.key}: ${over.value} }\n`,
      key: `services:\n  s: { environment: { A: ${tag} null, B: ${inner} x }, labels: { a: ${tag} z } }\n`,
      item: `services:\n  s: { ports: [${tag} "80:80", 81], volumes: [${inner} "v:/a"], dns: [${tag} 1.1.1.1] }\n`,
      section: `services: { s: { image: k } }\nvolumes: ${tag} { v: { labels: { a: b } } }\nnetworks: { n: ${inner} null }\n`,
      extends: `services:\n  s: { extends: { file: a.yaml, service: s }, ${base.key}: ${tag} ${/^!/.test(base.value) ? 'null' : base.value} }\n`,
      'merge-key': `x-a: &a { ${over.key}: ${over.value}, tty: ${tag} true }\nservices:\n  s: { <<: *a, image: z }\n`,
    }
    return caseOf(
      { 'a.yaml': first, 'b.yaml': second[where] ?? '' },
      { files: where === 'extends' ? ['b.yaml'] : ['a.yaml', 'b.yaml'] },
    )
  })

const anchors = fc
  .record({
    first: attributes(1, 3),
    second: attributes(1, 3),
    own: attributes(0, 2),
    merge: one('*a', '[*a]', '[*a, *b]', '[*b, *a]', '[*a, { tty: true }]', '{ tty: true }', '*b'),
    at: one('service', 'before', 'twice', 'environment', 'alias', 'anchor-in-service'),
  })
  .map(({ first, second, own, merge, at }) => {
    const a = first.map(({ key, value: text }) => `${key}: ${text}`).join(', ')
    const b = second.map(({ key, value: text }) => `${key}: ${text}`).join(', ')
    const head = `x-a: &a { ${a} }\nx-b: &b { ${b} }\n`
    const texts: Record<string, string> = {
      service: `services:\n  s: ${service(own, `<<: ${merge}`)}\n`,
      before: `services:\n  s: { <<: ${merge}, ${service(own).slice(2)}\n`,
      twice: `services:\n  s:\n    <<: *a\n    <<: ${merge}\n    image: i\n`,
      environment: `x-e: &e { A: 1, B: , C: "x" }\nservices:\n  s: { image: i, environment: { <<: *e, A: 2 }, labels: { <<: *e } }\n`,
      alias: `services:\n  s: *a\n  t: &t ${service(own)}\n  u: *t\n`,
      'anchor-in-service': `services:\n  s: &s ${service(own)}\n  t: { <<: *s, image: t, ${b} }\n`,
    }
    return caseOf({ 'compose.yaml': `${head}${texts[at]}${others}` })
  })

const profiles = fc
  .record({
    wanted: fc.subarray(['p', 'q', '*', 'nobody', '']),
    variable: one('', 'p', 'p,q', '*', ' q', 'p,'),
    of: fc.tuple(
      ...['s', 't', 'u'].map(() => one('', '[p]', '[q]', '[p, q]', '[]', 'p', '["p q"]', '[-x]')),
    ),
    links: fc.tuple(
      ...['s', 't', 'u'].map(() =>
        one(
          '',
          'depends_on: [t]',
          'depends_on: { u: { condition: service_started, required: false } }',
          'network_mode: "service:t"',
          'extends: t',
          'volumes_from: [u]',
        ),
      ),
    ),
  })
  .map(({ wanted, variable, of, links }) => {
    const lines = ['s', 't', 'u'].map((name, index) => {
      const of1 = of[index] === '' ? [] : [`profiles: ${of[index]}`]
      const link = links[index] === '' ? [] : [links[index] as string]
      return `  ${name}: ${service([], ...of1, ...link)}\n`
    })
    return caseOf(
      { 'compose.yaml': `services:\n${lines.join('')}` },
      {
        profiles: wanted,
        ...(variable !== '' && { environment: { ...environment, COMPOSE_PROFILES: variable } }),
      },
    )
  })

const settings = fc
  .record({
    name: one(
      '',
      'name: n1\n',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
      'name: "${A:-n2}"\n',
      'name: Up\n',
      'name: ""\n',
      'name: _x\n',
      'name: 1\n',
    ),
    dotenv: one(
      '',
      'A=x\n',
      'COMPOSE_PROJECT_NAME=fromenv\n',
      'COMPOSE_FILE=b.yaml\n',
      'COMPOSE_PROFILES=p\n',
      'COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=a.yaml,b.yaml\n',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
      'A=${B:-c}\nB=z\n',
    ),
    variables: one(
      '',
      'COMPOSE_PROJECT_NAME=call',
      'COMPOSE_FILE=a.yaml:b.yaml',
      'A=call',
      'COMPOSE_ENV_FILES=e.env',
      'COMPOSE_DISABLE_ENV_FILE=1',
    ),
    flags: fc.record(
      {
        projectName: one('flag', 'Flag', 'f.g', '-x'),
        envFiles: one('e.env', 'd/e.env', 'absent').map((file) => [file]),
        directory: fc.constant('d/deep'),
        projectDirectory: one('d', '.'),
      },
      { requiredKeys: [] },
    ),
    own: attributes(0, 2),
  })
  .map(({ name, dotenv, variables, flags, own }) => {
    const [variable = '', text = ''] = variables.split('=')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
    const shown = 'hostname: "${A:-unset}"'
    return caseOf(
      {
        'compose.yaml': `${name}services:\n  s: ${service(own, shown)}\n  p: { image: p, profiles: [p] }\n${others}`,
        'a.yaml': `services: { a: { image: a } }\n`,
        'b.yaml': `${name}services: { b: { image: b, ${shown} } }\n`,
        '.env': dotenv,
        'd/.env': 'A=deep\n',
      },
      {
        ...flags,
        environment: { ...environment, ...(variable !== '' && { [variable]: text }) },
      },
    )
  })

/** Grammars of whole projects, by what they try. */
export const projectGrammars: Readonly<Record<string, fc.Arbitrary<ComposeCase>>> = {
  forms: forms1,
  'forms-merged': forms2,
  'extends-chains': chains,
  includes,
  'empty-sections': nothing,
  tags,
  anchors,
  profiles,
  settings,
}
