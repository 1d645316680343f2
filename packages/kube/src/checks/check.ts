/**
 * One check of a project: what it means that the project works, as effects that are observed inside the cluster. `convert` makes it of
 * `checks` in landfall.yaml, a revision keeps it, and `deploy` runs it.
 */
export interface Check {
  /** Its key in landfall.yaml. */
  name: string
  /** `landfall.yaml#/checks/order` */
  source: string
  /** `landfall.yaml:12:3` */
  at?: string
  /** Each step is repeated until it holds, all of them together for so many milliseconds. */
  withinMs: number
  /** One after the other; there is at least one. */
  steps: CheckStep[]
  /** Values that are not printed. */
  secrets: string[]
}

/** One action of a check, and what has to come of it. */
export interface CheckStep {
  action: CheckAction
  /** Expected statuses of a response; any 2xx if omitted. */
  status?: number[]
  /** Expected exit code of a command; 0 if omitted. */
  exitCode?: number
  /** Text that the response or the output contains. */
  contains?: string
  /** Regular expression that matches somewhere in the response or the output. */
  matches?: string
  /** Expected values of the response or the output as JSON, by JSON Pointers (RFC 6901). */
  json?: Record<string, unknown>
  /** Values that are kept for this step and those after it, by names. */
  capture?: Record<string, CheckCapture>
  /** Captured values that have to be greater than these: numbers, or texts with references. */
  greater?: Record<string, number | string>
}

/** Texts of an action may hold references to captured values, see {@link fillReferences}. */
export type CheckAction =
  | {
      kind: 'http'
      method: string
      url: string
      headers: Record<string, string>
      /** The body: a text as it is, or a value that becomes JSON. */
      send?: { text: string } | { json: unknown }
    }
  /** The port accepts connections. */
  | { kind: 'tcp'; host: string; port: number }
  /** The name resolves. */
  | { kind: 'dns'; host: string }
  | {
      kind: 'command'
      /** Key of the service in the Compose file. */
      service: string
      container: string
      /** Labels of its pods. */
      pods: Record<string, string>
      command: string[]
    }

/** Where a captured value is: one of the three. */
export interface CheckCapture {
  /** JSON Pointer into the response or the output. */
  json?: string
  /** Name of a header of the response. */
  header?: string
  /** Regular expression: its first group, or all that it matches. */
  regex?: string
}

/** The checks of a revision, with the image of the pod that they run in: it has sh, sleep and curl. */
export interface ReleaseChecks {
  image: string
  checks: Check[]
}
