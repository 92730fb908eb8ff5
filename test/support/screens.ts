/** The screen sizes that pages are tested on. */
export const DESKTOP = { viewport: { width: 1_280, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
