/**
 * What a converted project passes to a deploy on its objects: the one vocabulary of `convert`, which writes it, and `deploy`,
 * which reads it, also from manifests on disk or rendered by Helm.
 */

const PREFIX = 'landfall.dev/'

/** Longest name of an annotation, without its prefix. https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set */
const NAME_LENGTH = 63

/** On any object, and by container on a workload: the place in the project that it comes from, `compose.yaml#/services/web`. */
export const SOURCE_ANNOTATION: string = `${PREFIX}source`

/** On a workload, also by container, and on a Service that publishes ports: the key of the service in the Compose file. */
export const COMPOSE_SERVICE_ANNOTATION: string = `${PREFIX}service`

/** On a Service: the published ports as the project has them, `8080:80/tcp,21100-21110:21100-21110/tcp?`; with `?` a port need not answer. */
export const PUBLISHED_ANNOTATION: string = `${PREFIX}published`

/** On a Service: `node` if the published ports are host ports of the node where the pod runs. */
export const PUBLISHED_AT_ANNOTATION: string = `${PREFIX}published-at`

/** On a Service: the ports to which services connect without waiting for them, each with one of these services, `6379:app`. */
export const CONNECTED_ANNOTATION: string = `${PREFIX}connected`

/** On a workload, by container: the seconds after which Docker would report the container as unhealthy. */
export const UNHEALTHY_AFTER_ANNOTATION: string = `${PREFIX}unhealthy-after`

/** On a Deployment: `true` if its program may end with exit code 0, because its restart policy allows that and no service connects to it. */
export const MAY_COMPLETE_ANNOTATION: string = `${PREFIX}may-complete`

/** On a workload: why there must be one copy of it only, and what would make several right, `only one node can mount …; declare …`. */
export const ONE_COPY_ANNOTATION: string = `${PREFIX}one-copy`

/** On a Service of one copy of a StatefulSet: its name with `{{identity}}` for the number of the copy, `node-{{identity}}`. */
export const COPY_NAME_ANNOTATION: string = `${PREFIX}copy-name`

/** On a Service of one copy: the ports that the copy has of its own, without its number, `30087/tcp,30187/udp`. */
export const COPY_PORTS_ANNOTATION: string = `${PREFIX}copy-ports`

/** The label with the number of a pod of a StatefulSet. https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-index-label */
export const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index'

/** On a workload whose number of pods was set by `landfall scale`: the number that the project declares. */
export const DECLARED_COPIES_ANNOTATION: string = `${PREFIX}declared-copies`

/** On a workload: a JSON list of the trees of the project with which its claims are kept in step, `["./config"]`. */
export const FILLED_FROM_ANNOTATION: string = `${PREFIX}filled-from`

/** On a pod: lines `TOKEN PATH`, each a tree or a file whose state in the project replaces once what a program has changed. */
export const RESET_FILES_ANNOTATION: string = `${PREFIX}reset-files`

/** On a Job: the effect that shows that its work is done, as a gate's list has it, `http 2xx http://consul:8500/v1/kv/a`. */
export const DONE_WHEN_ANNOTATION: string = `${PREFIX}done-when`

/** On a Job: why the effect that shows that its work is done cannot be tested after its end. */
export const UNTESTED_EFFECT_ANNOTATION: string = `${PREFIX}done-when-not-tested`

/** On a Job: `true` if the keeper of the release runs it again when that effect is gone. */
export const RUNS_AGAIN_ANNOTATION: string = `${PREFIX}runs-again`

/** On a Deployment: a hash of its pod template, which shows those who wait for its rollout that it is the one they expect. */
export const TEMPLATE_ANNOTATION: string = `${PREFIX}template`

/** On a workload: keys of the services whose restart restarts it as well, separated by commas. */
export const RESTARTS_WITH_ANNOTATION: string = `${PREFIX}restarts-with`

/** On a workload: those of these services with which the keeper of the release restarts it. */
export const KEPT_WITH_ANNOTATION: string = `${PREFIX}kept-with`

/**
 * On a workload: ports that the project publishes and the cluster does not expose, each with its service, for `port-forward`:
 * `db=127.0.0.1:5432:5432/tcp,db=9090-9095:9090-9095/tcp`.
 */
export const FORWARDED_ANNOTATION: string = `${PREFIX}forwarded`

/** On a workload: names of Secrets of other workloads, separated by commas; a deploy that changes one replaces the pods. */
export const RESTARTS_WITH_SECRETS_ANNOTATION: string = `${PREFIX}restarts-with-secrets`

/** On pods: a hash of the Secrets that they use, so that a change of one makes new pods. */
export const SECRETS_CHECKSUM: string = 'checksum.landfall.dev/secrets'

/** Beginning of the name of an init container that waits for something: `wait-for-db`. */
export const GATE_PREFIX = 'wait-for-'

/** The form of an annotation that holds for one container of the workload; undefined if its name would be too long. */
export function containerAnnotation(annotation: string, container: string): string | undefined {
  const key = `${annotation}.${container}`
  return key.length - PREFIX.length <= NAME_LENGTH ? key : undefined
}

/** Whether a key is the form of one of these annotations that holds for this container. */
export function isContainerAnnotation(key: string, container: string): boolean {
  return key.startsWith(PREFIX) && key.endsWith(`.${container}`)
}
