import { basename } from 'node:path/posix'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion } from '../../conversion.ts'
import {
  deleteValue,
  type Edit,
  type Edited,
  type EditProblem,
  editFile,
  setValue,
} from '../../edits/edit.ts'
import type { Reason } from '../../ledger/reasons.ts'
import type { FileContent, FileMount, FileValue, ServicePlan } from '../../plan/plan.ts'
import { knownSecretsOf } from '../../secrets/known.ts'
import type { FileFormat } from '../../settings/landfall-file.ts'
import { isSecretFile } from '../files/secret-files.ts'
import { placeholder, withQuotes } from './late-values.ts'
import { namesNumber, setNumbered } from './numbers.ts'
import { reason } from './reasons.ts'
import { meaningOf } from './value.ts'

/** A file as one service mounts it. */
export interface Mounted {
  plan: ServicePlan
  mount: FileMount
  file: FileContent
}

interface Edits {
  set: Readonly<Record<string, unknown>>
  deleted: readonly string[]
  format: FileFormat
  path: string
  /** The keys of landfall.yaml down to the file. */
  at: readonly string[]
}

type Report = (
  at: readonly string[],
  problem: { code: ConvertCode; message: string; hint: string },
) => void

/** Sets and deletes values of a file wherever it is mounted. A problem is reported once, with the keys below the file. */
export function setAndDelete(
  conversion: Conversion,
  mounted: readonly Mounted[],
  { set, deleted, format, path, at }: Edits,
  report: Report,
): void {
  const known = knownSecretsOf(conversion)
  /** Whether the edit was possible. */
  const apply = (one: Mounted, pointer: string, edit: Edit, why: (added: boolean) => Reason) => {
    const { mount, file } = one
    const edited: Edited<{ bytes: Uint8Array }> | EditProblem = editFile(file.bytes, pointer, edit)
    if ('problem' in edited) return edited
    file.bytes = edited.bytes
    if (isSecretFile(path, edited.bytes, known)) hide(one)
    if (mount.pointer !== undefined)
      conversion.ledger.amend(mount.pointer, why(edited.added === true))
    return undefined
  }
  for (const [pointer, value] of Object.entries(set)) {
    const meaning = meaningOf(conversion, value)
    if ('wrong' in meaning) {
      const { wrong, hint } = meaning
      report(['set', pointer], {
        code: 'convert/edit-wrong-value',
        message: `cannot have this value at ${pointer}: ${wrong}`,
        hint,
      })
      continue
    }
    const problems = mounted.map((one) =>
      namesNumber(value) && one.plan.identity !== undefined
        ? setNumber(one, pointer, value)
        : 'now' in meaning
          ? apply(
              one,
              pointer,
              (text) => setValue(text, format, pointer, meaning.now),
              (added) => reason(added ? 'value-added' : 'value-set', { pointer }),
            )
          : setLate(one, pointer, meaning.later),
    )
    const fixed = 'now' in meaning && isScalar(meaning.now) ? meaning.now : undefined
    for (const { file, plan } of mounted) {
      const scalar = namesNumber(value) && plan.identity !== undefined ? undefined : fixed
      const others = (file.edits ?? []).filter((one) => one.pointer !== pointer)
      if (scalar !== undefined) file.edits = [...others, { at, pointer, format, value: scalar }]
      else if (file.edits !== undefined) file.edits = others
    }
    const problem = problems.find((one) => one !== undefined)
    if (problem !== undefined)
      report(['set', pointer], { ...PROBLEMS[problem.problem], message: problem.message })
  }
  for (const [index, pointer] of deleted.entries()) {
    const problems = mounted.map((one) =>
      apply(
        one,
        pointer,
        (text) => deleteValue(text, format, pointer),
        () => reason('value-deleted', { pointer }),
      ),
    )
    const problem = problems.find((one) => one !== undefined)
    if (problem !== undefined)
      report(['delete', String(index)], { ...PROBLEMS[problem.problem], message: problem.message })
  }

  function hide({ mount, file }: Mounted): void {
    if (file.secret === true || mount.from === 'secret') return
    file.secret = true
    if (mount.pointer !== undefined)
      conversion.ledger.amend(mount.pointer, reason('now-secret', { name: basename(path) }))
  }

  function setNumber(one: Mounted, pointer: string, value: string): EditProblem | undefined {
    const { plan, file } = one
    const problem = apply(one, pointer, setNumbered(plan, file, { format, pointer, value }), () =>
      reason('value-of-pod', { pointer, what: 'number' }),
    )
    if (problem === undefined) file.completed = true
    return problem
  }

  function setLate(one: Mounted, pointer: string, value: FileValue): EditProblem | undefined {
    const token = placeholder(one.plan, value, format)
    const problem = apply(
      one,
      pointer,
      (text) => {
        const edited = setValue(text, format, pointer, token)
        return 'text' in edited
          ? { ...edited, text: withQuotes(edited.text, token, format) }
          : edited
      },
      () =>
        'secret' in value
          ? reason('value-of-secret', { pointer, ...value })
          : reason('value-of-pod', {
              pointer,
              what: value.pod === 'ip' ? 'IP address' : value.pod,
            }),
    )
    if (problem === undefined) one.file.completed = true
    if (problem === undefined && 'secret' in value) hide(one)
    return problem
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

const PROBLEMS = {
  'not-found': {
    code: 'convert/edit-not-found',
    hint: 'paths start at the top of the file: /section/key; write ~1 for a slash in a key',
  },
  'wrong-type': {
    code: 'convert/edit-wrong-type',
    hint: 'use a value of the same type as in the file; quotes make a string',
  },
  unreadable: {
    code: 'convert/edit-unreadable',
    hint: 'set another format, or correct the file',
  },
} as const
