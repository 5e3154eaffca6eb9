/** The corner in which the page speaks to its reader. */
import { closeNotice, useNotices } from '../state/notices.ts';
import { CloseIcon } from './icons.tsx';

export function Notices(): React.ReactElement {
  const notices = useNotices((state) => state.notices);
  return (
    <section className="notices" aria-label="Messages">
      <div aria-live="polite">
        {notices.map(({ id, kind, text, action }) => (
          <div key={id} className={`notice notice-${kind}`}>
            <p>{text}</p>
            {action === null ? null : (
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  closeNotice(id);
                  action.run();
                }}
              >
                {action.label}
              </button>
            )}
            <button
              type="button"
              className="icon-button"
              aria-label={`Close message: ${text}`}
              onClick={() => closeNotice(id)}
            >
              <CloseIcon />
            </button>
          </div>
        ))}
      </div>
    </section>
  );
}
