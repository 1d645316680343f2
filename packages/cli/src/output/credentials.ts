/** A text of the cluster without the user names and passwords in its URLs: `amqp://***@queue:5672`. */
export function withoutCredentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*@/gi, '$1***@')
}
