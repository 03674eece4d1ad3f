import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** Presses a button by keyboard once it takes keys: pressing waits for nothing, and a button that is busy lets them go by. */
export async function pressEnter(button: Locator): Promise<void> {
  await expect.poll(() => button.isEnabled()).toBe(true);
  await button.press('Enter');
}

/** The same for a button that opens something: news that the page takes in at this very moment may draw the button anew, and the key goes by. */
export async function pressEnterToOpen(button: Locator, opened: Locator): Promise<void> {
  await expect
    .poll(async () => {
      if (!(await opened.isVisible())) await pressEnter(button);
      return opened.isVisible();
    })
    .toBe(true);
}
