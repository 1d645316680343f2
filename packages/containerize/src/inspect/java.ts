import type { Scan } from './scan.ts'

/** Which Java a program needs, with the reason. */
export interface NeededJava {
  version: 8 | 11 | 17 | 21
  because: string
}

const SUPPORTED = [8, 11, 17, 21] as const

/** The class file version of the newest one. */
const NEWEST = 21 + 44

/** Options that later versions refuse: JEP 214, JEP 291 and JEP 363, and the removal of PermGen (JEP 122) in 17. */
const OLD = /-XX:[+-]?(MaxPermSize|PermSize|UseConcMarkSweepGC|UseParNewGC|CMS\w+|UseCMS\w+)/

/**
 * The version that the start scripts and classes ask for; undefined if the tarball has no classes. An option that newer versions refuse
 * says more than class files, which only have the least version.
 */
export function neededJava({ files }: Pick<Scan, 'files'>): NeededJava | undefined {
  const known = [...files].flatMap(([path, { classMajor }]): [number, string][] =>
    classMajor === undefined ? [] : [[classMajor, path]],
  )
  // Classes for a Java that is newer than all supported ones are optional, if there are others.
  const supported = known.filter(([major]) => major <= NEWEST)
  const [highest, of] = (supported.length > 0 ? supported : known).reduce<[number, string]>(
    (best, one) => (one[0] > best[0] ? one : best),
    [0, ''],
  )
  if (highest === 0) return undefined
  // Class file 52 is Java 8.
  const least = Math.max(8, highest - 44)
  for (const [path, { text, executable }] of files) {
    if (text === undefined || !(executable || /\.sh$/.test(path))) continue
    const [option] = OLD.exec(text) ?? []
    if (option !== undefined && least <= 8)
      return { version: 8, because: `${path} has ${option.replace(/:[+-]/, ':')}` }
  }
  const version = SUPPORTED.find((one) => one >= least) ?? 21
  return { version, because: `${of} has classes of Java ${least}` }
}
