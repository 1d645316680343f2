import type { Wait } from '../gate/wait.ts'

/** The ConfigMap, the Deployment, the Role and the ServiceAccount of the keeper of a release. */
export const KEEPER = 'landfall-keeper'

/** Owner of the fields that the keeper sets. */
export const KEEPER_MANAGER = 'landfall-keeper'

/** What the keeper of a release watches, and what it does: the data that `convert` puts next to its program. */
export interface KeeperSettings {
  /** Value of `app.kubernetes.io/instance` of everything that it watches. */
  release: string
  /** Those that it may restart or run again, and those whose pods it watches for them; sorted by service. */
  services: KeptService[]
}

export interface KeptService {
  /** Key in the Compose file. */
  service: string
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job'
  /** Name of the workload. */
  workload: string
  /** Value of `app.kubernetes.io/name` of its pods. */
  pods: string
  /** The container of the service. */
  container: string
  /** Its names lead to pods that end as well, so that a new connection could still reach the old pod. */
  reachedWhileEnding?: true
  /** Services whose new pods restart it. */
  restartsWith?: KeptEdge[]
  /** It restarts when this does not hold. */
  alive?: KeptEffect
  /** A one-shot that runs again when this does not hold. */
  again?: KeptEffect
}

export interface KeptEdge {
  service: string
  /** Its gate waits for the service, so that a start after the service is one with it. */
  gated?: true
}

/** The effects that can be tested from a pod of its own. */
export type KeptWait = Extract<Wait, { kind: 'http' | 'tcp' }> | { kind: 'dns'; host: string }

/** An effect that is tested again and again. Times are in seconds. */
export interface KeptEffect {
  wait: KeptWait
  /** Between the start of the container and the first test. */
  after: number
  interval: number
  /** How often in a row it does not hold before something is done. */
  failures: number
  timeout: number
  /** The service of the project that answers, if it is one. */
  of?: string
  /** The service itself answers: that nothing answers is then an answer. */
  own?: true
}
