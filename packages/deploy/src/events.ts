import type { Address } from './answers/addresses.ts'
import type { CheckResult } from './checks/result.ts'
import type { Drift } from './drift/drift.ts'
import type { About, FailureCode } from './failures/index.ts'
import type { KeptTree } from './storage/kept-files.ts'

/** What happens during a deploy, in order; every display is a consumer of this. */
export type DeployEvent =
  | { type: 'plan'; operations: PlannedOperation[] }
  | { type: 'apply'; object: string; verb: Verb }
  | { type: 'wait'; object: string; message: string }
  | { type: 'ready'; object: string; ms: number }
  | { type: 'failed'; failure: Failure }
  /** Programs have done their work and may end: undeclared one-shots, by their sources. */
  | { type: 'completed'; sources: string[] }
  /** A tree of the project that is too large for objects is copied into a claim. */
  | {
      type: 'copy'
      claim: string
      /** As the Compose file writes it: `./media`. */
      tree: string
      state: 'progress' | 'done'
      /** Bytes that were sent, of those that the claim does not have yet. */
      bytes: number
      total: number
    }
  /** Files of a tree of the project that programs have changed in the volume, and which the volume keeps as they are. */
  | ({ type: 'kept' } & KeptTree)
  /** What others have added to objects of the release; it stays. */
  | { type: 'added'; fields: Drift[] }
  /** What failed is taken back: the release becomes again what this revision was. */
  | { type: 'back'; to: number }
  | { type: 'verdict'; verdict: Verdict }

/** What a deploy does with an object, and what it means. */
export const verbs = {
  create: 'The object did not exist and was created.',
  update: 'The object existed with other content and was changed.',
  unchanged: 'The object is as it should be.',
  replace:
    'The API server refuses to change a field of the object in place, so the object was deleted and created again.',
  delete:
    'The object was created by an earlier run and is no longer part of the project, so it was deleted.',
  keep: 'The object is no longer part of the project and was left in place: it holds data (claims are deleted by `landfall down --volumes` alone), or it is a Job that ran in one of the revisions that are kept (the last ten if `history` in landfall.yaml is omitted).',
} as const

export type Verb = keyof typeof verbs

export interface PlannedOperation {
  id: number
  /** `deployment/web` */
  object: string
  verb: Verb
  /** Why, as part of a sentence: `does not exist yet`. */
  cause: string
}

/** The first thing that went wrong, with everything that a person needs to act. */
export interface Failure {
  /** `deployment/web` */
  object: string
  pod?: string
  container?: string
  /** What kind of failure it is. */
  code: FailureCode
  /** As the cluster calls it, or in a few words: `ImagePullBackOff`, `exited with code 1`, … */
  reason: string
  message: string
  exitCode?: number
  /** Last lines of the failing container. */
  log?: string[]
  /** `compose.yaml#/services/web` from the object's annotation; of a check, `landfall.yaml#/checks/order`. */
  source?: string
  /** The line of a check when the revision was deployed: `landfall.yaml:12:3`. */
  at?: string
  /** What to try. */
  hint?: string
  /** The part of the service that it is about. */
  about?: About
  /** Sources of all services whose programs have done their work and may end; nothing else has failed then. */
  completed?: string[]
  /** Other workloads with which something is wrong at this moment: one of them may be the cause. */
  also?: { object: string; code: FailureCode; reason: string }[]
}

/** A port of something outside of the project. */
export interface Unreachable {
  /** `mysql-service:3306`, as programs write it. */
  address: string
  /** A service that connects to it. */
  by: string
}

export interface Verdict {
  state: 'ready' | 'failed'
  failure?: Failure
  /** Milliseconds from the first request until everything was ready, or until it was certain that it would not be. */
  ms: number
  /** Milliseconds for which it was watched after that, and stayed ready. */
  watchedMs?: number
  /** Why it could not be tested whether services answer each other inside the cluster. */
  untested?: string
  /** Why it could not be tested whether what complete one-shots have done is still there. */
  untestedEffects?: string
  /** What services connect to outside of the project, and does not answer inside the cluster. */
  unreachable?: Unreachable[]
  /** Services that are to be scaled by their load, on a cluster that serves no metrics. */
  withoutMetrics?: string[]
  /** How the checks of the revision ended, in their order; missing if it has none, or if it did not come to them. */
  checks?: CheckResult[]
  /** Addresses that answered, and those that cannot be tested from here (then `error` says why). */
  addresses: Address[]
  /** The revision that it is about; missing where none is kept. */
  revision?: number
  /** How it went when what failed was taken back. */
  back?: Back
  /** Why what failed was not taken back. */
  notBack?: string
}

/** The release became again what it was when it was last ready. */
export interface Back {
  /** The revision whose objects the release has again. */
  to: number
  /** The revision that it is now. */
  revision?: number
  state: 'ready' | 'failed'
  failure?: Failure
  ms: number
  /** What is not undone, as sentences. */
  lasting: string[]
}
