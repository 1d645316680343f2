import { type Causes, causes } from '../../plan/because.ts'

const TABLE = {
  'engine-socket': 'it is the socket of a container engine',
  'system-path': 'it belongs to the host',
  'in-image': 'the image of <services> is built with it',
  declared: 'landfall.yaml declares it',
  'read-only': 'no service can write it',
  'no-files': '<services> can write it at <target>, and the project has no files in it',
  'state-target': '<services> can write it at <target>, a directory of data',
  'state-source': '<services> can write it at <target>, and its name is that of data',
  'image-volume': '<services> can write it at <target>, which is a volume of the image',
  'path-in-text': '<services> writes <path>, which the project does not have',
  'command-writes': 'the command of <services> writes <path>',
  database: '<services> can write it at <target>, and it contains the database <file>',
  'one-shot': '<services> fills it once for <readers>',
  shared: '<services> can write it at <target> for <readers>',
  'thin-storage':
    '<services> can write it at <target>, and nothing shows that it is configuration only',
  outside: '<services> can write it at <target>, and it is outside the project',
  'outside-read': 'it is a directory outside the project, read by <services> at <target>',
  'state-file': '<services> can write the file at <target>, and its name is that of data',
  'state-place': '<services> can write the file at <target>, in a directory of data',
  'empty-file': '<services> can write the file at <target>, which is empty in the project',
  'too-large': 'it is larger than objects can hold',
  'config-target': '<target> is a place of configuration',
  'config-text': 'it has configuration files only',
  'config-file': 'it is a file of configuration by its name',
  'thin-config': 'nothing shows that <services> writes the file',
} as const

export const because: Causes<typeof TABLE> = causes('bind', TABLE)
