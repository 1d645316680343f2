/** Every code of a diagnostic that this package reports, each with the one line that documents it. */
export const convertCodes = {
  'convert/settings-syntax': 'landfall.yaml is not valid YAML.',
  'convert/two-settings-files': 'There are both landfall.yaml and landfall.yml.',
  'convert/unknown-key': 'A key is not part of landfall.yaml.',
  'convert/wrong-type': 'A value is of another type than its key takes.',
  'convert/wrong-value': 'A value is not one of those that its key takes.',
  'convert/set-twice': 'A key is set in landfall.yaml and under x-landfall.',
  'convert/unknown-service': 'landfall.yaml names a service that the project does not have.',
  'convert/unknown-volume': 'landfall.yaml names a volume that the project does not have.',
  'convert/nothing-to-accept': '`accept` names a path at which the project has nothing.',
  'convert/no-effect': 'An effect says nothing, or several things, that can be observed.',
  'convert/wrong-effect': 'An effect cannot be observed where it stands.',
  'convert/unused-setting': 'A setting says nothing about what the service becomes.',
  'convert/impossible-probe': '`ready` or `alive` asks what the kubelet cannot ask.',
  'convert/impossible-wait': 'A service waits for what can never be.',
  'convert/wait-cycle': 'Services wait for one another.',
  'convert/never-done': 'Nothing tells when a one-shot that never exits is done.',
  'convert/file-too-large': 'A mounted file or tree is larger than ConfigMaps can hold.',
  'convert/bind-source-missing': 'The source of a bind mount does not exist.',
  'convert/content-missing': 'The content of a config or secret is not in the project.',
} as const satisfies Record<`convert/${string}`, string>

export type ConvertCode = keyof typeof convertCodes
