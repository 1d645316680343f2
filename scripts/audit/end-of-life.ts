/** When the table was last compared with its sources. */
export const checkedOn = '2026-11-29'

/** Where the dates are from. */
export const sources = [
  'https://kubernetes.io/releases/patch-releases/',
  'https://etcd.io/docs/latest/op-guide/versioning/',
  'https://go.dev/doc/devel/release',
  'https://github.com/nodejs/release#release-schedule',
  'https://wiki.debian.org/LTS',
]

/**
 * The last day on which a release line gets security fixes (YYYY-MM-DD, for Debian that of its long-term support); `undated` where the project
 * supports its two newest lines without a date.
 */
const endOfLife: Readonly<Record<string, Readonly<Record<string, string | 'undated'>>>> = {
  Kubernetes: {
    '1.33': '2026-06-28',
    '1.34': '2026-10-27',
    '1.35': '2027-02-28',
    '1.36': '2027-06-28',
  },
  etcd: { '3.5': 'undated', '3.6': 'undated', '3.7': 'undated' },
  Go: { '1.24': '2026-02-10', '1.25': '2026-08-11', '1.26': '2027-02-28' },
  'Node.js': { '20': '2026-04-30', '22': '2027-04-30', '24': '2028-04-30' },
  Debian: { bookworm: '2028-06-30', trixie: '2030-06-30' },
}

/** Something that this repository pins. */
export interface Pinned {
  component: string
  version: string
  /** The release line, as the table has it. */
  line: string
  /** The file that pins it. */
  file: string
}

/** What is known of a pinned version on a day (YYYY-MM-DD). `unknown` lines are missing in the table. */
export function lifeOf(
  { component, line }: Pinned,
  today: string,
): { state: 'supported' | 'ended'; until: string } | { state: 'undated' } | { state: 'unknown' } {
  const lines = Object.hasOwn(endOfLife, component) ? endOfLife[component] : undefined
  const until = lines !== undefined && Object.hasOwn(lines, line) ? lines[line] : undefined
  if (until === undefined) return { state: 'unknown' }
  if (until === 'undated') return { state: 'undated' }
  return { state: today <= until ? 'supported' : 'ended', until }
}
