import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'not-in-project': { outcome: 'kept', text: '<name> is not in the project, and not required' },
  'not-enabled': { outcome: 'ignored', text: '<name> is not enabled in landfall.yaml' },
  provider: { outcome: 'dropped', text: '<name> has no pod: a provider runs it' },
  'no-pods': { outcome: 'adapted', text: '<name> has no pods, so nothing waits for it' },
  'same-pod': { outcome: 'kept', text: 'starts after <name>, in the same pod' },
  'same-pod-untested': {
    outcome: 'adapted',
    text: 'starts after <name>, in the same pod; <name> has no known health check',
    hint: 'give <name> a healthcheck, or set services.<name>.ready in landfall.yaml',
  },
  'restarts-with': { outcome: 'adapted', text: 'a change of <name> replaces the pods of both' },
  complete: { outcome: 'kept', text: 'starts when the Job is complete' },
  'one-shot-complete': {
    outcome: 'adapted',
    text: 'starts when the Job is complete: <name> is a one-shot',
  },
  'job-ready': {
    outcome: 'kept',
    text: 'starts when the pod of the Job is ready, or the Job is complete',
  },
  'job-runs-first': {
    outcome: 'kept',
    text: 'starts when the pod of the Job runs: <name> connects to <target>',
  },
  'job-ready-first': {
    outcome: 'kept',
    text: 'starts when the pod of the Job is ready: <name> connects to <target>',
  },
  'once-per-pod': {
    outcome: 'adapted',
    text: 'starts when the pod of <host> is ready, in which <name> runs once',
  },
  ready: { outcome: 'kept', text: 'starts when its pods are ready' },
  answers: {
    outcome: 'adapted',
    text: 'starts when a port of <name> answers, which is later than the start of its process',
  },
  runs: { outcome: 'kept', text: 'starts when its pods run' },
  'never-completes': {
    outcome: 'refused',
    text: '<name> never completes: <why>',
    hint: 'declare services.<name>.oneShot in landfall.yaml, or wait for service_started',
  },
  'no-health-check': {
    outcome: 'refused',
    text: '<name> has no healthcheck, so it never becomes healthy',
    hint: 'give it a healthcheck, or set services.<name>.ready in landfall.yaml',
  },
  'disabled-health-check': {
    outcome: 'refused',
    text: 'the healthcheck of <name> is disabled, so it never becomes healthy',
    hint: 'enable it, set services.<name>.ready in landfall.yaml, or wait for service_started',
  },
  'unknown-health-check': {
    outcome: 'adapted',
    text: 'starts when <name> has started: it has no healthcheck in the project, and its image metadata is unknown',
    hint: 'give it a healthcheck, or set services.<name>.ready in landfall.yaml, or let `landfall lock` read its image',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('gates', TABLE)
