/** A key of the keyboard, printed where it acts; screen readers learn keys from the list of shortcuts instead. */
export const Key = ({ children }: { children: string }) => (
  <span aria-hidden="true">
    <kbd>{children}</kbd>
  </span>
);
