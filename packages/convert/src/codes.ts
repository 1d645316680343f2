/** Every code of a diagnostic that this package reports, each with the one line that documents it. */
export const convertCodes = {
  'convert/settings-syntax': 'landfall.yaml is not valid YAML.',
  'convert/settings-unreadable': 'landfall.yaml is not a file, is too large, or cannot be read.',
  'convert/two-settings-files': 'Both landfall.yaml and landfall.yml exist.',
  'convert/unknown-key': 'A key is not part of landfall.yaml.',
  'convert/wrong-type': 'A value has the wrong type for its key.',
  'convert/wrong-value': 'A value is not valid for its key.',
  'convert/set-twice': 'A key is set in landfall.yaml and under x-landfall.',
  'convert/unknown-service': 'landfall.yaml has a service that is not in the project.',
  'convert/needs-disabled': 'A service needs one that landfall.yaml does not enable.',
  'convert/unknown-volume': 'landfall.yaml has a volume that is not in the project.',
  'convert/unknown-acceptance': '`accept` has a path that is not in the project.',
  'convert/nothing-to-accept': '`accept` has a key that is not dropped.',
  'convert/unknown-environment':
    '--environment names an environment that landfall.yaml does not define.',
  'convert/unknown-site': '--site names a site that landfall.yaml does not define.',
  'convert/wrong-site':
    'A site of landfall.yaml has an invalid name or template, or is defined twice.',
  'convert/site-values':
    'A value of a site is not there, or the file with the values of sites cannot be used.',
  'convert/site-address':
    'A service of another site does not exist there, or cannot be reached from other sites.',
  'convert/unknown-address': 'Where a service of another site is reached is not known yet.',
  'convert/restart-across-sites':
    '`restartsWith` names a service of another site: nothing at this site observes the other cluster, so that `landfall up` restarts the service, and nothing does between two runs.',
  'convert/same-place': 'Two sites are in the same namespace of the same cluster.',
  'convert/site-cycle': 'Sites need addresses of each other, so that none of them can be first.',
  'convert/no-site': 'landfall.yaml uses a value of a site, and none is chosen.',
  'convert/unknown-file': 'landfall.yaml has a file that no service mounts.',
  'convert/unknown-variable': 'A variable in landfall.yaml has no name of a Secret.',
  'convert/wrong-external':
    'A service outside the project has an invalid address or host name, or both.',
  'convert/edit-not-found':
    'A file has no place for a value that landfall.yaml sets, or no value that it deletes.',
  'convert/edit-wrong-type': 'A value that landfall.yaml sets has a different type in the file.',
  'convert/edit-wrong-value':
    'A value for a file names a Secret, a service or a part of the pod wrongly.',
  'convert/edit-unreadable': 'A file to edit cannot be parsed in its format.',
  'convert/no-effect': 'An effect has no kind (http, tcp, dns, job, file, command), or several.',
  'convert/wrong-effect': 'An effect is not supported for its key.',
  'convert/wrong-step':
    'A step of `before` or a one-shot with `sql` is not complete, or cannot run.',
  'convert/unused-setting': 'A setting has no effect on the service.',
  'convert/one-copy': 'More copies of a service are declared than can work.',
  'convert/copies-at-risk':
    'Several copies of a service run as under Compose, and may disturb each other.',
  'convert/wrong-identity':
    'The copies of a service cannot have the numbers, ports or names that `identity` gives them.',
  'convert/wrong-scale': 'A scale is not complete, or the service requests nothing to measure.',
  'convert/not-sticky': 'Connections of a client do not stick to one pod.',
  'convert/impossible-rollout':
    '`rollout: rolling` is set for a service of which a node can have one pod.',
  'convert/two-at-once':
    '`rollout: rolling` is set for a service of which two pods disturb each other.',
  'convert/impossible-probe': '`ready` or `alive` has a test that the kubelet cannot run.',
  'convert/impossible-restart':
    '`restartsWith` names a service whose new pods cannot restart the other one.',
  'convert/restart-cycle': 'Services restart with each other.',
  'convert/name-of-the-keeper':
    'A service has the name of the pod that Landfall adds to the release.',
  'convert/nothing-changes':
    '`whenChanged` names something that is not in the project, or is a secret.',
  'convert/impossible-wait': 'A service waits for something that can never happen.',
  'convert/wrong-check':
    'A check has no kind (http, tcp, dns, exec, steps) or several, or a key or value with which it cannot run.',
  'convert/unknown-capture': 'A check uses a value that no earlier step captures.',
  'convert/check-variable': 'A variable in a check is not set, or its use is not valid.',
  'convert/unknown-healthcheck':
    'A service waits until another one is healthy, whose image metadata is unknown.',
  'convert/wait-cycle': 'Services wait for each other.',
  'convert/nothing-to-run': 'No service of the project is enabled.',
  'convert/inferred-one-shot':
    'A service becomes a Job because the project shows that it does its work once.',
  'convert/never-done': 'A one-shot that never exits has no `doneWhen`.',
  'convert/refused': 'Kubernetes cannot provide what a key requires.',
  'convert/no-gateway': 'A service is exposed by a Gateway without a name.',
  'convert/wrong-target': 'The path of a mount is not valid, or used twice.',
  'convert/bind-source-missing': 'The source of a bind mount does not exist.',
  'convert/bind-outside':
    'A bind mount of a path outside the project becomes a claim that starts empty.',
  'convert/bind-kept': 'A bind mount becomes a claim on thin evidence.',
  'convert/bind-copied':
    'Each pod has its own copy of a bind mount, and nothing shows that no program writes there.',
  'convert/bind-in-image':
    'A bind mount is not mounted, because the image that is built from the project contains it.',
  'convert/lost-with-pod':
    'Programs keep data in directories for which the project has no volume, so that it is lost with the pod.',
  'convert/all-devices': 'A service requests all GPUs of a machine, and its pod requests one.',
  'convert/media-ports':
    'A program announces its published ports to its peers, and nodes expose them under other numbers.',
  'convert/host-address': 'A text references the host of Docker, whose address is not set.',
  'convert/changed-name':
    'A service has a name that no Service can have, and programs may have it built in.',
  'convert/unknown-host': 'A text references a host that is not a service of the project.',
  'convert/literal-address':
    'The fixed address of a service is used in a place that needs an address.',
  'convert/outside-file':
    'A file or directory outside of the project would be part of the result, which has to be accepted in landfall.yaml.',
  'convert/outside-accepted':
    'Files outside of the project are part of the result, because landfall.yaml accepts them.',
  'convert/wrong-permission': 'A rule under `permissions` cannot be a rule of a Role.',
  'convert/api-access': 'A program may use the Kubernetes API, as landfall.yaml allows.',
  'convert/power-over-node':
    'A container can do more on its node than an ordinary one, up to taking it over.',
  'convert/left-out':
    'The history of sources and the credentials of a user are left out of a mounted directory.',
  'convert/credentials-mounted': 'A mounted directory contains credentials of a user.',
  'convert/special-files':
    'A mounted directory or a build context contains FIFOs, sockets or devices, which are left out.',
  'convert/credentials-in-build':
    'An image that is built contains credentials or the history of sources of its build context.',
  'convert/secret-exposed':
    'A secret is in a place of a pod that more users may read than Secrets: a command, a label, a health check.',
  'convert/secret-in-build': 'A label of an image that is built contains a secret.',
  'convert/build-context': 'A build context is of a kind that cannot be fetched.',
  'convert/secret-build-argument':
    'A build argument looks like a secret, which everyone who has the image can read.',
  'convert/unreadable-file':
    'A file of a config, secret or build is not a file, is too large, or cannot be read.',
  'convert/content-missing': 'The content of a config or secret is not in the project.',
} as const satisfies Record<`convert/${string}`, string>

export type ConvertCode = keyof typeof convertCodes
