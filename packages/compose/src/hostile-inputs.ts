/** Files by name below `/w`, where `compose.yaml` is the project. */
export type HostileInput = () => Record<string, string>

const web = (attributes: string) => `services:\n  web:\n    image: nginx\n    ${attributes}\n`

function repeat(count: number, make: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator)
}

const compose = (text: string) => ({ 'compose.yaml': text })

/** Ten of each in each of the next: the last one is 10^levels. */
function bomb(levels: number, level: (items: string, index: number) => string): string {
  const lines = repeat(levels, (index) => {
    const items = repeat(10, () => `*a${index}`, ', ')
    return `  a${index + 1}: &a${index + 1} ${level(items, index)}`
  })
  return `x-bomb:\n  a0: &a0 { k: x }\n${lines}\n`
}

/** Files that include, or extend from, the next one. */
function chain(count: number, link: (next: string) => string): Record<string, string> {
  const files = Array.from({ length: count }, (_, index) => [
    index === 0 ? 'compose.yaml' : `f${index}.yaml`,
    link(`f${index + 1}.yaml`),
  ])
  return { ...Object.fromEntries(files), [`f${count}.yaml`]: 'services: { a: { image: x } }' }
}

/** What would take seconds or all memory, or overflow, if nobody looked: each is too large. */
export const tooLarge: Readonly<Record<string, HostileInput>> = {
  'aliases in lists': () => compose(bomb(10, (items) => `[${items}]`)),
  'aliases in merge keys': () =>
    compose(bomb(10, (items, index) => `{ <<: [${items}], k${index}: *a${index} }`)),
  'a long chain of anchors': () =>
    compose(`x-a:\n  a0: &a0 [x]\n${repeat(5000, (at) => `  a${at + 1}: &a${at + 1} [*a${at}]`)}`),
  'open brackets': () => compose(`services: ${'['.repeat(50_000)}`),
  'open braces': () => compose(`services: ${'{a: '.repeat(50_000)}`),
  'closed brackets': () => compose(`x-a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  'deep indentation': () => compose(repeat(3000, (depth) => `${' '.repeat(depth)}a:`)),
  'dashes on one line': () => compose(`x-a:\n${'- '.repeat(100_000)}a`),
  'question marks on one line': () => compose(`${'? '.repeat(100_000)}a`),
  'question marks and tabs on one line': () => compose(`${'?\t'.repeat(50_000)}a`),
  'anchored items on one line': () => compose(`x-a:\n${'- &a '.repeat(50_000)}a`),
  'colons on one line': () => compose(': '.repeat(400_000)),
  'anchors on one line': () => compose('&a '.repeat(400_000)),
  'a million empty lines': () => compose(web('') + '\n'.repeat(400_000)),
  'a million comments': () => compose(web('') + '# a\n'.repeat(400_000)),
  'a million items': () => compose(`${web('')}x-a:\n${'- a\n'.repeat(400_000)}`),
  'a million items on one line': () => compose(`${web('')}x-a: [${'a,'.repeat(400_000)}]`),
  'a million documents': () => compose('---\n'.repeat(400_000)),
  'documents that grow on': () =>
    compose(repeat(5000, (index) => `services: { w${index}: { image: a } }`, '\n---\n')),
  'five megabytes': () => compose('#'.repeat(5 * 1024 * 1024)),
  'nested defaults': () =>
    compose(`services: { web: { image: "${'${A:-'.repeat(5000)}${'}'.repeat(5000)}" } }`),
  'open defaults': () => compose(`services: { web: { image: "${'${A:-'.repeat(50_000)}" } }`),
  'a million variables in one text': () => compose(web(`command: "${'$A'.repeat(400_000)}"`)),
  'a chain of extends': () =>
    compose(
      `services:\n${repeat(5000, (at) => `  s${at}: { extends: s${at + 1} }`)}\n  s5000: { image: a }\n`,
    ),
  'a chain of extended files': () =>
    chain(500, (next) => `services: { a: { extends: { file: ${next}, service: a } } }`),
  'a large service that is extended often': () =>
    compose(
      `services:\n  base: { image: a, environment: [${repeat(5000, (at) => `A${at}=1`, ', ')}] }\n${repeat(500, (at) => `  s${at}: { extends: base }`)}\n`,
    ),
  'a chain of includes': () => chain(3000, (next) => `include: [${next}]`),
  'includes that double': () => chain(30, (next) => `include: [${next}, ${next}]`),
  'one file that is included often': () => ({
    'compose.yaml': `include: [${repeat(20_000, () => 'b.yaml', ', ')}]\n`,
    'b.yaml': 'services: { b: { image: x } }\n',
  }),
  'ranges of ports of many services': () =>
    compose(
      `services:\n${repeat(9, (at) => `  s${at}: { image: a, ports: ["1-32000:1-32000"] }`)}\n`,
    ),
  'a large env file of many services': () => ({
    'compose.yaml': `services:\n${repeat(500, (at) => `  s${at}: { image: a, env_file: a.env }`)}\n`,
    'a.env': repeat(5000, (at) => `A${at}=1`),
  }),
  'an env file of one long value': () => ({
    'compose.yaml': web('env_file: a.env'),
    'a.env': `A="${'\\'.repeat(4_000_000)}"`,
  }),
}

/** What takes work and is no error, or is told as something else. */
export const laborious: Readonly<Record<string, HostileInput>> = {
  'a full range of ports': () => compose(web('ports: ["1-65535:1-65535"]')),
  'a chain of dependencies': () =>
    compose(
      `services:\n${repeat(9000, (at) => `  s${at}: { image: a, depends_on: [s${at + 1}] }`)}\n  s9000: { image: a }\n`,
    ),
  'everything depends on everything': () =>
    compose(
      `services:\n${repeat(150, (at) => `  s${at}: { image: a, depends_on: [${repeat(150, (to) => `s${to}`, ', ')}] }`)}\n`,
    ),
  'thousands of misspelt names': () =>
    compose(
      `services:\n${repeat(1000, (at) => `  service${at}: { image: a, volumes: ["volme${at}:/a"] }`)}\nvolumes:\n${repeat(1000, (at) => `  volume${at}: {}`)}\n`,
    ),
  'thousands of unknown keys': () => compose(web(repeat(30_000, (at) => `k${at}: 1`, '\n    '))),
  'thousands of services': () =>
    compose(`services:\n${repeat(10_000, (at) => `  s${at}: { image: a }`)}\n`),
  'a list of many numbers': () =>
    compose(web(`expose: [${repeat(30_000, (at) => String(at), ', ')}]`)),
  'a text of four megabytes': () => compose(web(`labels: { a: ${'a'.repeat(4_000_000)} }`)),
  'a text of many escapes': () => compose(web(`labels: { a: "${'\\x41'.repeat(900_000)}" }`)),
  'a command of many words': () => compose(web(`command: ${'a '.repeat(1_500_000)}`)),
  'a path of many steps': () => compose(web(`volumes: ["./${'../'.repeat(900_000)}:/a"]`)),
  'numbers of many digits': () =>
    compose(web(`scale: ${'9'.repeat(100_000)}\n    mem_limit: ${'9'.repeat(400)}g`)),
  'variables that multiply': () => ({
    'compose.yaml': web('env_file: a.env'),
    'a.env': `A0=xxxxxxxxxx\n${repeat(30, (at) => `A${at + 1}=${`$A${at}`.repeat(10)}`)}`,
  }),
}
