import { Type } from 'typebox'

/** Keys of a service whose program comes from a release tarball; `files` and the rest are those of every service. */
export const tarballKeys = {
  tarball: Type.String({
    description:
      'The release tarball (.tar.gz, .tar, .zip) or the directory with the program of the service, relative to landfall.yaml, or the https address of a tarball, with its checksum. Landfall makes the image, in which the start script runs as it is. The service need not be in a Compose file. Keys of `files` are then paths inside of the tarball, and without a service of the Compose file `ports` are published.',
    pattern: '^[^\\n]+$',
  }),
  checksum: Type.String({
    description:
      'The checksum of the tarball: sha256:… or sha512:…, in hexadecimal digits. An address needs one: the tarball is downloaded once and not used if it is another file. Checksums with sha1 and md5 are not accepted.',
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
  prepare: Type.Array(Type.String({ pattern: '^[^\\n]+$' }), {
    description:
      'Commands of the shell that run once, when the image is built, in the directory of the program and as its user: for programs that need an instance or a file that the tarball does not have. What they write is in the image, and start may be a script that they make. They have 600 seconds each, and no input.',
  }),
  logs: Type.Array(Type.String({ pattern: '^[^\\n]+$' }), {
    description:
      'Files to which the program writes its log, as patterns of a shell inside of the tarball: logs/*.log. They are in the log of the container. The program is then the child of a shell that forwards signals. Not for programs that write the same lines to the console. If omitted, the files are found where settings of logback, log4j or java.util.logging have no console; [] turns this off.',
  }),
  jvm: Type.String({
    description:
      'Options of Java, placed after those of the start script, so that they count. If they do not set the heap, it is made to fit into resources.memory.',
    pattern: '^[^\\n]+$',
  }),
}
