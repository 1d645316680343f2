import { Type } from 'typebox'

/** Keys of a service whose program comes from a release tarball; `files` and the rest are those of every service. */
export const tarballKeys = {
  tarball: Type.String({
    description:
      'The release tarball (.tar.gz, .tar, .zip) or the directory with the program of the service, relative to landfall.yaml. Landfall makes the image, in which the start script runs as it is. The service need not be in a Compose file. Keys of `files` are then paths inside of the tarball, and without a service of the Compose file `ports` are published.',
    pattern: '^[^\\n]+$',
  }),
  start: Type.String({
    description:
      'The start script inside of the tarball, with its arguments. If omitted, the one that Landfall finds.',
    pattern: '^[^\\n]+$',
  }),
  java: Type.Unsafe<8 | 11 | 17 | 21>({
    description:
      'The version of Java, which runs in the image eclipse-temurin. If omitted, options of the start script and the classes decide.',
    type: 'integer',
    enum: [8, 11, 17, 21],
  }),
  base: Type.String({
    description:
      'The base image, in place of that of java. It must have sh, find, grep and readlink.',
    pattern: '^[^ \\n]+$',
  }),
  packages: Type.Array(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9.+:_-]*$' }), {
    description:
      'Packages of the base image that the program needs, in addition to those of programs that its scripts run.',
  }),
  jvm: Type.String({
    description:
      'Options of Java, placed after those of the start script, so that they count. If they do not set the heap, it is made to fit into resources.memory.',
    pattern: '^[^\\n]+$',
  }),
}
