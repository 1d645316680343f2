import type { Scan } from './scan.ts'

/** Which Java a program needs, with the reason. */
export interface NeededJava {
  version: 8 | 11 | 17 | 21
  because: string
}

const SUPPORTED = [8, 11, 17, 21] as const

/** Options that later versions refuse: JEP 214, JEP 291 and JEP 363, and the removal of PermGen (JEP 122) in 17. */
const OLD = /-XX:[+-]?(MaxPermSize|PermSize|UseConcMarkSweepGC|UseParNewGC|CMS\w+|UseCMS\w+)/

/**
 * The version that the start scripts and classes ask for; undefined if the tarball has no classes. An option that newer versions refuse
 * says more than class files, which only have the least version.
 */
export function neededJava({ files }: Pick<Scan, 'files'>): NeededJava | undefined {
  const [highest, of] = [...files].reduce<[number, string]>(
    (best, [path, { classMajor = 0 }]) => (classMajor > best[0] ? [classMajor, path] : best),
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
