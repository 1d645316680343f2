import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A kubeconfig as JSON, which is YAML too, with the certificates in it. */
export function kubeconfig(
  server: string,
  context: string,
  user: string,
  pki: { authority: Buffer; certificate: Buffer; key: Buffer },
): string {
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [
      {
        name: context,
        cluster: { server, 'certificate-authority-data': pki.authority.toString('base64') },
      },
    ],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': pki.certificate.toString('base64'),
          'client-key-data': pki.key.toString('base64'),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user } }],
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** The files of one certificate in a directory of keys and certificates. */
export function readCertificate(
  pki: string,
  name: string,
): { authority: Buffer; certificate: Buffer; key: Buffer } {
  return {
    authority: readFileSync(join(pki, 'ca.crt')),
    certificate: readFileSync(join(pki, `${name}.crt`)),
    key: readFileSync(join(pki, `${name}.key`)),
  }
}
