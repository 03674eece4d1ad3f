import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** Presses a button by keyboard once it takes keys: pressing waits for nothing, and a button that is busy lets them go by. */
export async function pressEnter(button: Locator): Promise<void> {
  await expect.poll(() => button.isEnabled()).toBe(true);
  await button.press('Enter');
}
