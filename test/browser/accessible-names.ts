import type { Page } from 'playwright-core';

/** `- button "Close"` has a name; `- button` and `- textbox: some text` have none. */
const NAMELESS = /^\s*- (button|link|textbox|searchbox|combobox|checkbox|radio|switch|tab|spinbutton|table|dialog)\b(?! ")/;

/** Controls of a page, tables and dialogs that a screen reader has no name for, as the browser's accessibility tree shows them. */
export async function namelessControls(page: Page): Promise<string[]> {
  const tree = await page.locator('body').ariaSnapshot();
  return tree.split('\n').filter((line) => NAMELESS.test(line));
}
