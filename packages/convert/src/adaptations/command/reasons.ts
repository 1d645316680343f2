import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'replaces-entrypoint': {
    outcome: 'kept',
    text: 'replaces the image entrypoint; the image command is not used',
  },
  'cleared-entrypoint': {
    outcome: 'kept',
    text: 'the image entrypoint is cleared; the command is the program',
  },
  'runs-image-command': {
    outcome: 'adapted',
    text: 'the image entrypoint is cleared; the image command is the program',
  },
  'no-command': {
    outcome: 'dropped',
    dangerous: true,
    text: 'the image entrypoint is cleared, and the image command is unknown',
    hint: 'set command',
  },
  'replaces-command': { outcome: 'kept', text: 'replaces the image command' },
  'working-dir': { outcome: 'kept', text: 'workingDir of the container' },
  terminal: { outcome: 'kept', text: 'set on the container' },
  'no-init': {
    outcome: 'dropped',
    text: 'the program runs as PID 1: it must reap child processes and handle SIGTERM, or it is killed at the end of the grace period',
    hint: 'start it with tini or dumb-init in its image',
  },
  'pid-1': { outcome: 'kept', text: 'the program runs as PID 1' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('command', TABLE)
