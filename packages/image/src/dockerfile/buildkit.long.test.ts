import { askGo, goIsMissing } from '@landfall/testkit/go-oracle'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDockerfile } from './parse.ts'

const missing = goIsMissing()

/** Lines where readers of Dockerfiles differ: heredocs, comments, continued lines, escape marks, quotes, flags. */
const lines = String.raw`
FROM a
FROM a AS b
RUN x
run <<EOF
RUN <<EOF
RUN << EOF
RUN <<-EOF cat
RUN <<- EOF
RUN 3<<-EOF
RUN cat <<EOF > b
RUN <<"EOF"
RUN <<E"O"F
RUN <<EOF <<FOO
RUN <<EOF<<FOO
RUN <<<EOF
RUN <<EOF;
RUN <<EOF \
RUN <<$EOF
RUN <<\EOF
RUN echo "<<EOF"
RUN echo a<<EOF
RUN it's <<EOF
RUN "a\" <<EOF" <<FOO
RUN ["a", "<<EOF"]
RUN ["a", 1, "<<EOF"]
RUN [a <<EOF
RUN --mount=type=bind,from=x,target=/y --network=none a
COPY <<'a b' /c
COPY --from=b --chown=1:1 a b
COPY --x <<EOF
ADD <<EOF /x
ONBUILD RUN <<EOF
onbuild run <<EOF b
ONBUILD COPY a <<EOF
HEALTHCHECK CMD <<EOF
CMD <<EOF
ENV A=b
USER x
a b
<<EOF
$EOF
EOF
EOF;
 EOF
FOO
# a comment
  # another
# escape=${'`'}
#escape=\
# syntax=x
# Escape = ${'`'}
RUN a \
RUN a && \ # no comment
 && b \
c \\
d\ ${''}
e ${'`'}
\
 \
`.split('\n')

/** Most heredocs end somewhere below, or BuildKit would refuse most texts. */
const ends = ['EOF', 'FOO', '\tEOF', 'EOF', 'a b', 'EOF;', 'EOF']

const texts = fc
  .tuple(fc.array(fc.constantFrom(...lines), { maxLength: 12 }), fc.constantFrom('\n', '\r\n'))
  .map(([some, lineEnd]) => [...some, ...ends].join(lineEnd))

describe.skipIf(missing !== undefined)(
  `BuildKit${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    test('finds the same instructions on the same lines', () => {
      const all = fc.sample(texts, 20_000)
      const theirs = askGo('dockerfile', all)
      const accepted = all.flatMap((text, at) => (theirs[at] ? [[text, theirs[at]] as const] : []))
      expect(accepted.length).toBeGreaterThan(10_000)
      for (const [text, expected] of accepted) {
        const ours = parseDockerfile(text).instructions.map(({ line, name, source }) => [
          line,
          name,
          source,
        ])
        expect([text, ours]).toEqual([text, JSON.parse(expected)])
      }
    })
  },
)
