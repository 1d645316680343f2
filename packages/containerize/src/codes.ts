/** Every code of a problem that this package reports, each with the one line that documents it. */
export const containerizeCodes = {
  'containerize/not-an-archive':
    'A tarball is not a .tar, .tar.gz or .zip file and not a directory, or cannot be read.',
  'containerize/damaged': 'A tarball ends too early or is not valid inside.',
  'containerize/path-escape': 'An entry of a tarball would be written outside of its directory.',
  'containerize/link-out': 'A link in a tarball leads outside of it.',
  'containerize/entry-kind':
    'A tarball has a device, a FIFO, a sparse file or an encrypted file, which no release needs.',
  'containerize/entry-name':
    'The name of an entry is not UTF-8, is too long, or has control characters.',
  'containerize/entry-conflict': 'Two entries of a tarball exclude each other.',
  'containerize/too-large':
    'A tarball has too many entries, or unpacks to more than Landfall puts into an image.',
  'containerize/no-start-script': 'The start script is not in the tarball, or none was found.',
  'containerize/no-shebang':
    'The start script does not begin with "#!", so it cannot be started as a program.',
  'containerize/crlf-script':
    'The start script has Windows line ends (CRLF), which a shell of Linux does not accept.',
  'containerize/no-file': 'A file that is to be edited is not in the tarball.',
  'containerize/no-checksum':
    'A tarball of an address has no checksum, without which another file could take its place.',
  'containerize/invalid-checksum':
    'The checksum of a tarball is not sha256 or sha512 in hexadecimal digits, or is that of a directory.',
  'containerize/wrong-checksum': 'A tarball has another checksum than landfall.yaml states.',
  'containerize/not-downloaded': 'A tarball of an address cannot be downloaded.',
  'containerize/secret-in-image':
    'A command that prepares an image contains a secret, which everyone who has the image can read.',
  'containerize/wrong-setting': 'The settings of a service from a tarball exclude each other.',
} as const satisfies Record<`containerize/${string}`, string>

export type ContainerizeCode = keyof typeof containerizeCodes
