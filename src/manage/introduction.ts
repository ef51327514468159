/** What the reference says before its calls, in Markdown. */
export const introduction = `The operators’ side of Vigía.

**Keys.** GET takes a key of the function \`manage-read\`, POST and DELETE one of \`manage-act\`: in the header
\`x-functions-key\`, or in the address as \`?code=\`. This page and its document open with the first. The local host asks for none.

**Times.** ISO 8601. When an alert fires or fired (\`at\`, \`occurrence\`) stands with the offset of the tenant’s zone, every other
instant in UTC (\`Z\`); \`local\` is the wall time of the tenant. Instants in a request need an offset; a span has its \`from\`, and
ends before its \`to\`.

**Lists.** \`limit\` says how many at most. Where there is more, \`next\` is not null: give it back as \`cursor\`, beside the same
other parameters.

**Who did it.** Acts are on record (\`GET audit\`) under the name in the header \`X-Operator\`, or whom a sign-in in front of the
app told. With the same \`Idempotency-Key\` a request that is sent twice acts once.

**Problems.** What cannot be answered is a problem (RFC 9457): \`code\` is for programs, \`detail\` says what to do, \`values\` lists
everything that is wrong. Parameters and fields that are not known are refused. While the control database is away the answer is 503
with \`Retry-After\`.`;
