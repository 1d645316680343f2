/** What `landfall explain` and docs/verdict.md say about a code. */
interface CodeExplanation {
  /** The reasons that are printed with the code, or that kubectl shows; `N` stands for a number. */
  reasons: readonly string[]
  /** Markdown, its first sentence a summary. */
  text: string
}

/** Every code of a failure. A rule can only give a code of this table, so each one is explained. */
export const failureCodes = {
  'deploy/image-name-invalid': {
    reasons: ['InvalidImageName'],
    text: 'The value of `image` is not a valid image reference. Look for a variable that is not set: `app:$TAG` is `app:` without it.',
  },
  'deploy/image-not-found': {
    reasons: ['ErrImagePull', 'ImagePullBackOff'],
    text: 'The registry does not have this image or this tag. The message is that of the registry. Check the name and the tag, and that the image was pushed; images that the project builds must be in a registry that the nodes reach (`landfall up --registry`).',
  },
  'deploy/image-access-denied': {
    reasons: ['ErrImagePull', 'ImagePullBackOff'],
    text: 'The registry refuses the image to the nodes. Docker Hub gives the same answer for an image that does not exist. Check the name; for a private registry the cluster needs credentials (an image pull secret).',
  },
  'deploy/image-wrong-platform': {
    reasons: ['ErrImagePull', 'ImagePullBackOff'],
    text: 'The image exists, but not for the CPU architecture or the operating system of the node.',
  },
  'deploy/image-pull-limited': {
    reasons: ['ErrImagePull', 'ImagePullBackOff'],
    text: 'The registry limits the number of pulls (Docker Hub does so for anonymous users). Give the cluster credentials, or use a mirror.',
  },
  'deploy/image-not-pulled': {
    reasons: [
      'ErrImagePull',
      'ImagePullBackOff',
      'ImageInspectError',
      'RegistryUnavailable',
      'SignatureValidationFailed',
    ],
    text: 'A node cannot get the image: it does not reach the registry, or the registry does not answer as it should. The message is that of the container runtime. Check the address of the registry, and the network and the name servers of the nodes.',
  },
  'deploy/image-not-on-node': {
    reasons: ['ErrImageNeverPull'],
    text: '`pull_policy: never`, and the image is not on the node. Load it onto the nodes or change the policy.',
  },
  'deploy/container-user-refused': {
    reasons: ['CreateContainerConfigError', 'CreateContainerError'],
    text: 'The pod may not run as root, and the image runs as root or names its user by name, which Kubernetes cannot check. Set `user` to a number other than 0.',
  },
  'deploy/reference-not-found': {
    reasons: ['CreateContainerConfigError', 'CreateContainerError', 'FailedMount'],
    text: 'A Secret, a ConfigMap or a key of one that the pod refers to is not in the cluster. The message names it. Create it, or remove its use from the project.',
  },
  'deploy/container-not-created': {
    reasons: ['CreateContainerConfigError', 'CreateContainerError'],
    text: 'The node cannot create the container. The message is that of the node.',
  },
  'deploy/tree-not-copied': {
    reasons: ['not copied'],
    text: 'A directory of the project that is too large for objects could not be copied into its claim. The message is that of the last attempt: the user of the kubeconfig may not run commands in pods (`pods/exec`), the volume is full, or the files change while they are copied. `landfall up` continues where it was.',
  },
  'deploy/volume-not-mounted': {
    reasons: ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'],
    text: 'A volume of the pod cannot be mounted: its claim is not bound, or another node holds it (`ReadWriteOnce`). The message is that of the node.',
  },
  'deploy/runtime-not-found': {
    reasons: ['FailedCreatePodSandBox'],
    text: 'The RuntimeClass of the pod (`services.NAME.runtimeClass` in `landfall.yaml`) has a handler that the container runtime of the node does not have. The message is that of the node.',
  },
  'deploy/pod-network-failed': {
    reasons: ['FailedCreatePodSandBox'],
    text: 'The node cannot set up the network of the pod. The message is that of its network plugin; the project is not the cause.',
  },
  'deploy/insufficient-resources': {
    reasons: ['Unschedulable'],
    text: 'No node has enough free CPU or memory for what the pod requests. The message counts the nodes by reason. Lower `resources` in `landfall.yaml` (or `deploy.resources`, `cpus`), or add nodes. If an autoscaler reports that it adds a node, the wait continues for ten minutes.',
  },
  'deploy/unschedulable': {
    reasons: ['Unschedulable', 'predecessor has not ended'],
    text: 'No node matches the pod: its labels, its taints, a volume that lives on another node, or a pod of the same service that has not ended and writes the same volume. The message counts the nodes by reason. If an autoscaler reports that it adds a node, the wait continues for ten minutes.',
  },
  'deploy/claim-not-bound': {
    reasons: ['Unschedulable'],
    text: 'The pod waits for a PersistentVolumeClaim that is not bound to a volume. The cluster needs a StorageClass that provides it: `volumes.NAME.class` in `landfall.yaml`.',
  },
  'deploy/provisioning-failed': {
    reasons: ['ProvisioningFailed'],
    text: 'The StorageClass cannot provide the volume. Choose a class or a size that it offers: `volumes.NAME.class`, `volumes.NAME.size` in `landfall.yaml`.',
  },
  'deploy/out-of-memory': {
    reasons: ['OOMKilled'],
    text: 'The program used more memory than its limit and was killed. Raise `mem_limit`, `deploy.resources.limits.memory`, or `resources.memory` in `landfall.yaml`.',
  },
  'deploy/command-not-found': {
    reasons: ['exited with code N'],
    text: 'The image does not have the program that should be started, or it cannot be executed (exit codes 126, 127 and 128). Check `command` and `entrypoint`.',
  },
  'deploy/program-ended': {
    reasons: ['exited with code 0'],
    text: 'The program ended with exit code 0, and is started again and again. If it does its work once, make it a one-shot: `services.NAME.oneShot: true` in `landfall.yaml`. A server has to stay in the foreground.',
  },
  'deploy/program-killed': {
    reasons: ['exited with code 137', 'exited with code 143'],
    text: 'The program was ended from outside: 143 is a request to stop, 137 a kill (a failed probe, or the end of its grace period).',
  },
  'deploy/crash-loop': {
    reasons: ['exited with code N', 'CrashLoopBackOff'],
    text: 'The program ended by itself with an error, at least twice after everything else was ready. Ends before this run do not count: a pod that crashed before and waits for its next attempt starts again at once. Read the log lines in the verdict. 139 is a crash (SIGSEGV).',
  },
  'deploy/completed': {
    reasons: ['completed'],
    text: 'The program ended with exit code 0, its restart policy in the project (`no`, `on-failure`) does not start it again after that, and no service connects to it: it does its work once. `landfall up` makes it a Job and records that in `landfall.lock`; `services.NAME.oneShot: false` in `landfall.yaml` reverts it.',
  },
  'deploy/probe-failed': {
    reasons: ['startup probe failed', 'liveness probe failed'],
    text: 'The kubelet restarted the container because its startup or liveness probe failed. `landfall plan` shows what is probed as `ready when` and `alive while`.',
  },
  'deploy/unhealthy': {
    reasons: ['unhealthy'],
    text: 'The program runs and has not passed its health check for twice as long as Docker waits before it reports a container as unhealthy (`start_period + retries × interval`, and `timeout` for each check if they time out or fewer than `retries` have failed: on a busy node a check takes its time), at least 60 seconds, while everything else was ready. The message has the number of failures and the last output of the check.',
  },
  'deploy/port-closed': {
    reasons: ['nothing answers'],
    text: 'The pod runs, but nothing accepts connections on a port that the project publishes or that another service waits for or connects to, for 60 seconds after everything else was ready. The program listens on another port, on localhost alone, or on the address of its own name (`hostsFirst`). A port that need not answer is listed in `services.NAME.optionalPorts`.',
  },
  'deploy/check-failed': {
    reasons: ['the check fails'],
    text: 'Everything is ready, and one of the `checks` in `landfall.yaml` did not succeed within its time (`within`, 30 seconds if omitted). The message has the step, what was expected, and the beginning of the response or the output. `landfall test NAME` repeats it. See [checks](checks.md).',
  },
  'deploy/check-not-run': {
    reasons: ['result unknown'],
    text: 'Everything is ready, and one of the `checks` in `landfall.yaml` could not be run, so it is not known whether the project works: the account may not create pods or run commands in them (`pods/exec`), the test pod did not start, or the API server was away. The message names the missing right. See [checks](checks.md).',
  },
  'deploy/job-failed': {
    reasons: ['the Job failed', 'exited with code N'],
    text: 'A one-shot ended with an error, as often as it may be tried. Services that wait for it do not start. The log lines in the verdict are those of its last run; the next `landfall up` runs it again.',
  },
  'deploy/effect-gone': {
    reasons: ['its effect is gone'],
    text: 'The Job of a one-shot is complete, and everything else is ready, but its `doneWhen` does not hold (any more): what it has written is lost, for example with the pod of the service that kept it in memory. The message has the request and what came of it. Delete the Job and repeat `landfall up` to run it again; with `oneShot.again: whenGone` in `landfall.yaml` the keeper of the release does that, and `landfall up` waits for it.',
  },
  'deploy/quota-exceeded': {
    reasons: ['FailedCreate', 'Forbidden'],
    text: 'A ResourceQuota of the namespace does not allow the object or its pods (`kubectl describe quota`). Request less, or raise the quota.',
  },
  'deploy/pods-refused': {
    reasons: ['FailedCreate'],
    text: 'The cluster refuses to create the pods, or some of them: a policy of the namespace, an admission webhook, or a ServiceAccount that does not exist. The message is that of the cluster.',
  },
  'deploy/rollout-stalled': {
    reasons: ['no progress'],
    text: 'New pods of a workload were not ready within its progress deadline, and none of them waits for another service. Look at its readiness probe.',
  },
  'deploy/deleted': {
    reasons: ['deleted'],
    text: 'The workload existed, and another command or person deleted it during the wait.',
  },
  'deploy/node-not-ready': {
    reasons: ['NodeNotReady'],
    text: 'The node of the pod does not answer. This does not end the wait: the node may come back, and the cluster recreates the pod on another node after five minutes.',
  },
  'deploy/not-ready': {
    reasons: ['not ready after N s'],
    text: 'The time given by `--timeout` was over before everything was ready. The verdict names the service at which the chain of waits ends, not the one that waits for it.',
  },
  'deploy/forbidden': {
    reasons: ['Forbidden'],
    text: 'The API server does not allow this account to do that in the namespace. The message names the missing permission, or the policy that refuses the object.',
  },
  'deploy/unauthorized': {
    reasons: ['Unauthorized'],
    text: 'The cluster does not know the account. Log in again.',
  },
  'deploy/invalid-object': {
    reasons: ['Invalid'],
    text: 'An object breaks a rule of the API server. The message names the field.',
  },
  'deploy/kind-not-found': {
    reasons: ['NotFound'],
    text: 'The cluster does not have this kind of object, or the namespace was deleted during the deploy.',
  },
  'deploy/object-too-large': {
    reasons: ['RequestEntityTooLarge'],
    text: 'An object is larger than the API server accepts. Build its files into an image.',
  },
  'deploy/conflict': {
    reasons: ['Conflict'],
    text: 'Another user or tool has changed a field of an object of the release, and the project has another value for it. The message has the field, and the tool as the cluster records it (`kubectl-edit`, `kubectl-patch`, …). Nothing was changed. `--force-conflicts` sets the values of the project again and removes what others have added; to keep the change, write it into the project.',
  },
  'deploy/foreign-object': {
    reasons: ['AlreadyExists'],
    text: 'An object of that name is in the namespace and belongs to another release, another tool or a person. Deploy into another namespace, or delete that object.',
  },
  'deploy/refused': {
    reasons: ['refused'],
    text: 'The API server refuses an object. The message is that of the API server.',
  },
} as const satisfies Record<`deploy/${string}`, CodeExplanation>

/** Permanent name of a kind of failure. */
export type FailureCode = keyof typeof failureCodes
