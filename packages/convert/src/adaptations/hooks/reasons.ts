import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'post-start': {
    outcome: 'adapted',
    text: 'a postStart hook; if it fails, the container restarts',
  },
  'pre-stop': {
    outcome: 'adapted',
    text: 'a preStop hook; it also runs when the cluster evicts the pod',
  },
  'init-container': {
    outcome: 'dropped',
    dangerous: true,
    text: 'runs as an init container, which has no hooks',
    hint: 'let the program or its entrypoint do it, then accept this',
  },
  'no-command': {
    outcome: 'dropped',
    dangerous: true,
    text: 'no command to run',
    hint: 'let the program or its entrypoint do it, then accept this',
  },
  'other-user': {
    outcome: 'dropped',
    dangerous: true,
    text: 'a hook runs as the user of its container, not as <user>',
    hint: 'let the program or its entrypoint do it, then accept this',
  },
  privileged: {
    outcome: 'dropped',
    dangerous: true,
    text: 'a hook has the privileges of its container, and no others',
    hint: 'let the program or its entrypoint do it, then accept this',
  },
  'no-signal': { outcome: 'dropped', text: '<signal> is not a signal' },
  'image-signal': { outcome: 'kept', text: 'the stop signal of the image' },
  'not-pid-1': {
    outcome: 'dropped',
    text: 'the program is not PID 1 of its pod',
    hint: 'set STOPSIGNAL in the image',
  },
  'signal-by-hook': {
    outcome: 'adapted',
    text: 'a preStop hook sends it to PID 1 with the shell of the image, and waits for the end of the program',
    hint: 'if the image has no /bin/sh, set STOPSIGNAL there',
  },
  'no-signal-hook': { outcome: 'dropped', text: 'runs as an init container, which has no hooks' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('hooks', TABLE)
