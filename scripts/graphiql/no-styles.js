// Stands for react-style-singleton, which writes a style element to stop the page from scrolling
// behind a dialog: the page's policy forbids it, and the page does not scroll.
export const styleSingleton = () => () => null;
export const styleHookSingleton = () => () => {};
export const stylesheetSingleton = () => ({ add() {}, remove() {} });
