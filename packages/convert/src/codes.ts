/** Every code of a diagnostic that this package reports, each with the one line that documents it. */
export const convertCodes = {
  'convert/settings-syntax': 'landfall.yaml is not valid YAML.',
  'convert/two-settings-files': 'Both landfall.yaml and landfall.yml exist.',
  'convert/unknown-key': 'A key is not part of landfall.yaml.',
  'convert/wrong-type': 'A value is of another type than its key takes.',
  'convert/wrong-value': 'A value is not one of those that its key takes.',
  'convert/set-twice': 'A key is set in landfall.yaml and under x-landfall.',
  'convert/unknown-service': 'landfall.yaml names a service that the project does not have.',
  'convert/unknown-volume': 'landfall.yaml names a volume that the project does not have.',
  'convert/unknown-acceptance': '`accept` names a path at which the project has nothing.',
  'convert/nothing-to-accept': '`accept` names a key that is not dropped.',
  'convert/unknown-environment':
    '--environment names an environment that landfall.yaml does not define.',
  'convert/unknown-file': 'landfall.yaml names a file that no service mounts.',
  'convert/unknown-variable': 'A variable in landfall.yaml has no name of a Secret.',
  'convert/wrong-external':
    'A service outside the project has an invalid address or host name, or both.',
  'convert/edit-not-found': 'A file has no value at a path that landfall.yaml sets.',
  'convert/edit-wrong-type': 'A value that landfall.yaml sets has a different type in the file.',
  'convert/edit-unreadable': 'A file to edit cannot be parsed in its format.',
  'convert/no-effect': 'An effect has no kind (http, tcp, dns, job, file, command), or several.',
  'convert/wrong-effect': 'An effect is not supported for its key.',
  'convert/unused-setting': 'A setting says nothing about what the service becomes.',
  'convert/impossible-probe': '`ready` or `alive` asks what the kubelet cannot ask.',
  'convert/impossible-wait': 'A service waits for what can never be.',
  'convert/unknown-healthcheck':
    'A service waits until another is healthy, whose image could not be asked for a health check.',
  'convert/wait-cycle': 'Services wait for one another.',
  'convert/nothing-to-run': 'No service of the project is enabled.',
  'convert/inferred-one-shot':
    'A service becomes a Job because the project shows that it does its work once.',
  'convert/never-done': 'Nothing tells when a one-shot that never exits is done.',
  'convert/refused': 'A key cannot be had on Kubernetes.',
  'convert/no-gateway': 'A service is offered by a Gateway that nothing names.',
  'convert/wrong-target': 'Something is mounted where nothing can be, or where something else is.',
  'convert/bind-source-missing': 'The source of a bind mount does not exist.',
  'convert/bind-outside':
    'A bind mount of a path outside the project becomes a claim that starts empty.',
  'convert/bind-copied':
    'Each pod has its own copy of a bind mount, and nothing shows that no program writes there.',
  'convert/bind-in-image':
    'A bind mount is not mounted, because the image that is built from the project contains it.',
  'convert/media-ports':
    'A program announces the numbers of its published ports to its peers, and on nodes they get other numbers.',
  'convert/host-address':
    'A text names the machine that runs Docker, and nothing says at which address pods reach it.',
  'convert/unknown-host': 'A text names a host that no service of the project has.',
  'convert/literal-address': 'The fixed address of a service is used where no name can replace it.',
  'convert/content-missing': 'The content of a config or secret is not in the project.',
} as const satisfies Record<`convert/${string}`, string>

export type ConvertCode = keyof typeof convertCodes
