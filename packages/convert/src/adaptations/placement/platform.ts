/** Names of processors that people write, as nodes are labelled. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  x86_64: 'amd64',
  'x86-64': 'amd64',
  arm64: 'arm64',
  aarch64: 'arm64',
  arm: 'arm',
  armhf: 'arm',
  armel: 'arm',
  386: '386',
  i386: '386',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
}

const SYSTEMS = new Set(['linux', 'windows'])

/** Labels of the nodes that run a platform: `linux/arm64/v8`, `linux`, `arm64`. Undefined for one that is not known. */
export function nodeOf(platform: string): Record<string, string> | undefined {
  const [first = '', second] = platform.toLowerCase().split('/')
  const system = SYSTEMS.has(first) ? first : undefined
  const architecture = architectureOf(system === undefined ? first : (second ?? ''))
  if (system === undefined && architecture === undefined) return undefined
  if (second !== undefined && architecture === undefined) return undefined
  return {
    ...(architecture === undefined ? {} : { 'kubernetes.io/arch': architecture }),
    ...(system === undefined ? {} : { 'kubernetes.io/os': system }),
  }
}

export function architectureOf(name: string): string | undefined {
  return Object.hasOwn(ARCHITECTURES, name) ? ARCHITECTURES[name] : undefined
}
