const segmenter = new Intl.Segmenter('es');
const twoCells =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

/** Cells of a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += cellsOf(segment);
  return width;
}

/** As much of a text as has room, with … for the rest. */
export function cutTo(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  let kept = '';
  let left = room - 1;
  for (const { segment } of segmenter.segment(text)) {
    left -= cellsOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

function cellsOf(character: string): number {
  return twoCells.test(character) ? 2 : 1;
}
