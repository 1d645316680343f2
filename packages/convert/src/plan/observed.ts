import type { Wait } from '@landfall/kube'

/** How a pod finds out whether an effect holds. */
export interface Observed {
  /** For a Job with its name before the hash of its content. */
  wait: Wait
  /** Whose program does it: the image with tools, or the image of a service. That of the gates if absent. */
  client?: 'tools' | { service: string }
  login?: Login
}

/** With what a client logs in; its parts are variables of the container that have `id` in their names. */
export interface Login {
  id: string
  user: LoginValue
  password?: LoginValue
  database?: LoginValue
}

/** A text, a key of a Secret of the cluster, or what a service has in a variable. */
export type LoginValue =
  | { value: string }
  | { secret: string; key: string }
  | { of: string; variable: string }
