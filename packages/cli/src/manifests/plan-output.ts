import { checksumOf, generatedAs, withHeader, withoutHeader } from './header.ts'
import { diffLines, type LineDiff } from './line-diff.ts'

/** What is at the name of a file: a text, or something that cannot be read as one, such as a directory or a link. */
export type Existing = { text: string; readable: true } | { readable: false; why: string }

/**
 * Why a file is left as it is:
 * - `changed` somebody has changed it, and the project gives the same content as before;
 * - `outdated` somebody has changed it, and the project now gives another content;
 * - `foreign` something that Landfall did not write has the name of a file that it would write;
 * - `abandoned` somebody has changed it, and the project no longer has the object.
 */
export type KeptReason = 'changed' | 'outdated' | 'foreign' | 'abandoned'

/** A file that is left as it is, and what `--force` would do with its lines. */
export interface KeptFile {
  file: string
  reason: KeptReason
  /** Of what is in the file to what the project gives. */
  diff?: LineDiff
  /** What is there, if it is not a text. */
  what?: string
}

/** What is done with the files of a directory. Names are sorted. */
export interface OutputPlan {
  /** Files that are written, with their texts. */
  write: Map<string, string>
  /** Files that have the right content already, with their texts. */
  same: Map<string, string>
  remove: string[]
  keep: KeptFile[]
}

/** Whether the files are what the project gives, apart from changes that a person made to exactly that. */
export function isCurrent({ keep }: OutputPlan): boolean {
  return keep.every(({ reason }) => reason === 'changed')
}

/**
 * Decides what happens with each file: `manifests` by file name, `existing` what is there now. A file that somebody has changed, or that
 * Landfall did not write, is left; with `force` it is replaced. What is no longer generated is removed if it is as Landfall wrote it, also
 * with `force`. Files without the line of Landfall under other names do not matter.
 */
export function planOutput(
  existing: ReadonlyMap<string, Existing>,
  manifests: ReadonlyMap<string, string>,
  force: boolean,
): OutputPlan {
  const plan: OutputPlan = { write: new Map(), same: new Map(), remove: [], keep: [] }
  for (const [file, manifest] of manifests) {
    const now = existing.get(file)
    const kept = now === undefined ? undefined : keptAs(file, now, manifest)
    const text = withHeader(file, manifest)
    if (kept !== undefined && (!force || now?.readable === false)) plan.keep.push(kept)
    else if (now?.readable === true && now.text === text) plan.same.set(file, text)
    else plan.write.set(file, text)
  }
  for (const [file, now] of existing) {
    const generated = now.readable ? generatedAs(file, now.text) : undefined
    if (manifests.has(file) || generated === undefined) continue
    if (generated.state === 'unchanged') plan.remove.push(file)
    else plan.keep.push({ file, reason: 'abandoned' })
  }
  plan.remove.sort()
  plan.keep.sort((a, b) => (a.file < b.file ? -1 : 1))
  return plan
}

function keptAs(file: string, now: Existing, manifest: string): KeptFile | undefined {
  if (!now.readable) return { file, reason: 'foreign', what: now.why }
  const { text } = now
  // A write that a power cut interrupted leaves an empty file.
  if (text === '' || withoutHeader(text) === manifest) return undefined
  const generated = generatedAs(file, text)
  if (generated?.state === 'unchanged') return undefined
  const diff = diffOf(withoutHeader(text), manifest)
  if (generated === undefined) return { file, reason: 'foreign', diff }
  const isSame = generated.checksum === checksumOf(file, manifest)
  return { file, reason: isSame ? 'changed' : 'outdated', diff }
}

/** Kinds whose content is not printed, wherever in a file of others they are; a List can hold one. Secrets are also values of a chart. */
const PRIVATE =
  /kind["']?\s*:\s*["']?(?:Secret|ConfigMap|List)|stringData|!!binary|^ *(?:secrets|secretFiles):/im

function diffOf(before: string, after: string): LineDiff {
  const { hunk, ...counts } = diffLines(before, after)
  const isPrivate = PRIVATE.test(before) || PRIVATE.test(after)
  return { ...counts, ...(hunk === undefined || isPrivate ? {} : { hunk }) }
}
