/** The page: head line, rail, the screen, and what may stand above it. */
import { QueryClientProvider } from '@tanstack/react-query';
import { MarketScreen } from './screens/market/MarketScreen.tsx';
import { Explanation } from './screens/market/positions/Explanation.tsx';
import { RowMenu } from './screens/market/positions/RowMenu.tsx';
import { Announcer } from './shell/Announcer.tsx';
import { Banner } from './shell/Banner.tsx';
import { Dialogs } from './shell/Dialogs.tsx';
import { DropTarget } from './shell/DropTarget.tsx';
import { Header } from './shell/Header.tsx';
import { Rail } from './shell/Rail.tsx';
import { queryClient } from './state/queries.ts';
import { Notices } from './ui/Notices.tsx';
import { usePhone } from './ui/use-media.ts';

export function App(): React.ReactElement {
  const phone = usePhone();
  return (
    <QueryClientProvider client={queryClient}>
      <div className="app">
        <Header />
        <Banner />
        <div className="app-body">
          {phone ? null : <Rail />}
          <MarketScreen />
        </div>
      </div>
      <Explanation />
      <RowMenu />
      <Dialogs />
      <Notices />
      <DropTarget />
      <Announcer />
    </QueryClientProvider>
  );
}
