import { ConnectionError, StatusError, type Upload } from '@landfall/kube'
import { expect, test } from 'vitest'
import { CopyError } from './copy-trees.ts'
import { notCopied } from './not-copied.ts'

const upload: Upload = {
  claim: 'media',
  path: 'data',
  source: '/shop/media',
  shown: './media',
  files: 1,
  bytes: 2,
  digest: 'd',
}

test('a missing right is named with what gives it; anything else is tried again', () => {
  const message = 'pods "web-1" is forbidden: User "me" cannot get resource "pods/exec"'
  const refusal = new StatusError({ code: 403, reason: 'Forbidden', message })
  const forbidden = notCopied(new CopyError(upload, refusal), 'shop')
  expect(forbidden).toMatchObject({ code: 'deploy/forbidden', message: `./media: ${message}` })
  expect(forbidden.hint).toContain('get and create for pods/exec in namespace shop')
  const broken = new ConnectionError('https://x', new Error('reset'))
  expect(notCopied(new CopyError(upload, broken), 'shop')).toMatchObject({
    code: 'deploy/tree-not-copied',
    message: './media: cannot reach https://x: reset',
    object: 'persistentvolumeclaim/media',
  })
})
