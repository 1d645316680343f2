export interface ParsedMount {
  type: 'bind' | 'volume'
  source?: string
  target: string
  read_only?: true
  bind?: { propagation?: string; selinux?: string; create_host_path?: true }
  volume?: { nocopy?: true }
}

const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']

/**
 * Reads `source:target:options`. A single letter before a colon is a Windows drive and joins what follows, also in
 * `d:/data`. Unknown options have no effect.
 */
export function parseMount(spec: string): ParsedMount | { error: string } {
  if (spec === '') return { error: 'the text is empty' }
  if (new TextEncoder().encode(spec).length <= 2) return { type: 'volume', target: cleanPath(spec) }
  const sections = splitSections(spec)
  if (sections.some((section) => section === '')) return { error: 'a part between colons is empty' }
  if (sections.length > 3) return { error: 'there are too many colons' }
  const [first = '', second, options] = sections
  const source = second === undefined ? undefined : first
  const mount: ParsedMount = {
    type: source !== undefined && isHostPath(source) ? 'bind' : 'volume',
    ...(source !== undefined && { source }),
    target: cleanPath(second ?? first),
  }
  for (const option of options?.split(',') ?? []) {
    if (option === 'ro') mount.read_only = true
    else if (option === 'rw') delete mount.read_only
    else if (option === 'nocopy') mount.volume = { nocopy: true }
    else if (option === 'z' || option === 'Z') mount.bind = { ...mount.bind, selinux: option }
    else if (propagations.includes(option)) mount.bind = { ...mount.bind, propagation: option }
  }
  if (mount.type === 'bind') mount.bind = { ...mount.bind, create_host_path: true }
  else mount.volume ??= {}
  return mount
}

/** Parts between colons; a colon after a single letter, and those inside `${…}`, do not separate. */
function splitSections(spec: string): string[] {
  const sections: string[] = []
  let section = ''
  let open = 0
  for (let at = 0; at < spec.length; at++) {
    const char = spec[at] as string
    if (char === '$' && spec[at + 1] === '{') open++
    else if (char === '}' && open > 0) open--
    else if (char === ':' && open === 0 && !/^\p{L}$/u.test(section)) {
      sections.push(section)
      section = ''
      continue
    }
    section += char
  }
  return [...sections, section]
}

function isHostPath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith('\\\\') || /^\p{L}:/u.test(source)
}

/** Go's `path.Clean`: `.` and `..` and doubled slashes resolved; empty stays empty. */
export function cleanPath(path: string): string {
  if (path === '') return ''
  const absolute = path.startsWith('/')
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') out.push(part)
    else if (out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (!absolute) out.push('..')
  }
  return `${absolute ? '/' : ''}${out.join('/')}` || (absolute ? '/' : '.')
}
