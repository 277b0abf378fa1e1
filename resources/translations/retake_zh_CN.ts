<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message>
        <source>Another encoder is ready</source>
        <translation>新的编码器已就绪</translation>
    </message>
    <message>
        <source>Could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Indexing failed</source>
        <translation>索引失败</translation>
    </message>
    <message>
        <source>Indexing finished</source>
        <translation>索引完成</translation>
    </message>
    <message>
        <source>Indexing stopped</source>
        <translation>索引已停止</translation>
    </message>
    <message>
        <source>Indexing waits</source>
        <translation>索引等待中</translation>
    </message>
    <message>
        <source>It is still being written; it will be indexed next time.</source>
        <translation>文件仍在写入，下次会建立索引。</translation>
    </message>
    <message>
        <source>Looking for videos</source>
        <translation>正在查找视频</translation>
    </message>
    <message>
        <source>Looking for videos: {found} files</source>
        <translation>正在查找视频：{found} 个文件</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Reading new files: {read} of {unread}</source>
        <translation>正在读取新文件：{read} / {unread}</translation>
    </message>
    <message>
        <source>Search now uses {name}, and gets better while the videos are looked at again.</source>
        <translation>搜索现在使用{name}；重新查看视频的过程中，效果会越来越好。</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>The library could not be changed</source>
        <translation>无法更改资料库</translation>
    </message>
    <message>
        <source>They are hidden, and come back when no rule leaves them out any more.</source>
        <translation>它们已隐藏；没有规则排除它们时会重新出现。</translation>
    </message>
    <message>
        <source>Videos left out from now on: {count}</source>
        <translation>从现在起排除的视频：{count}</translation>
    </message>
    <message>
        <source>Videos removed from the library: {count}</source>
        <translation>已从资料库移除的视频：{count}</translation>
    </message>
    <message>
        <source>What was found is kept; indexing continues where it stopped.</source>
        <translation>已找到的内容会保留，下次从停下的地方继续。</translation>
    </message>
    <message>
        <source>{length} of video in {time}, {speed}x realtime</source>
        <translation>{length} 的视频用时 {time}，{speed} 倍实时速度</translation>
    </message>
    <message>
        <source>{size} of disk space was freed.</source>
        <translation>已释放 {size} 磁盘空间。</translation>
    </message>
    <message>
        <source>Getting ready to search with {name}: {ready} of {keyframes}</source>
        <translation>正在准备用{name}搜索：{ready} / {keyframes}</translation>
    </message>
    <message>
        <source>{title}: {done} of {videos}</source>
        <translation>{title}：{done} / {videos}</translation>
    </message>
    <message>
        <source>“{name}” could not be described</source>
        <translation>无法描述“{name}”</translation>
    </message>
</context>
<context>
    <name>ActivityPanel</name>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Cancel the export</source>
        <translation>取消导出</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>Getting ready to search with {name}</source>
        <translation>正在为使用{name}搜索做准备</translation>
    </message>
    <message>
        <source>Hide the activity</source>
        <translation>隐藏活动</translation>
    </message>
    <message>
        <source>Just begun</source>
        <translation>刚刚开始</translation>
    </message>
    <message>
        <source>Nothing has happened since the start.</source>
        <translation>启动以来没有任何活动。</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>{videos} in the queue</source>
        <translation>{videos}排队中</translation>
    </message>
    <message>
        <source>“Index this first” in a video&apos;s menu moves it to the front.</source>
        <translation>在视频的菜单中选择“优先索引”可将其移到最前。</translation>
    </message>
    <message>
        <source>decoded by {device}</source>
        <translation>由 {device} 解码</translation>
    </message>
    <message>
        <source>on {computer}</source>
        <translation>在 {computer} 上</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>大</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Restart ReTaKe now</source>
        <translation>立即重新启动 ReTaKe</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>小</translation>
    </message>
    <message>
        <source>Takes effect the next time ReTaKe starts.</source>
        <translation>下次启动后生效。</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Very large</source>
        <translation>特大</translation>
    </message>
</context>
<context>
    <name>AskActions</name>
    <message>
        <source>The answer was copied.</source>
        <translation>已复制回答。</translation>
    </message>
    <message>
        <source>The conversation was deleted.</source>
        <translation>已删除对话。</translation>
    </message>
    <message>
        <source>{count} conversations were deleted.</source>
        <translation>已删除 {count} 个对话。</translation>
    </message>
</context>
<context>
    <name>AskPanel</name>
    <message>
        <source>Ask a question</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Ask about anything that can be seen in these videos.

The model looks at the moments that match best, and the answer shows them.</source>
        <translation>询问这些视频中任何能看到的内容。

模型会查看最匹配的瞬间，并在回答中列出。</translation>
    </message>
    <message>
        <source>Ask what happens in this video, when it happens, and who or what can be seen.

The answer shows the moments that it is based on.</source>
        <translation>询问这个视频里发生了什么、何时发生、能看到谁或什么。

回答会列出所依据的瞬间。</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>No model for questions is chosen, so you get the moments to look at, without an answer in words.</source>
        <translation>尚未选择回答问题的模型，因此只会列出值得查看的瞬间，没有文字回答。</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>What it takes is shown when there is a question.</source>
        <translation>输入问题后会显示所需的时间。</translation>
    </message>
    <message>
        <source>{model} answers, and looks at {count} moments at most. Working out how long it takes…</source>
        <translation>由 {model} 回答，最多查看 {count} 个瞬间。正在估算所需时间…</translation>
    </message>
    <message>
        <source>{model} answers. What it takes is shown when there is a question.</source>
        <translation>由 {model} 回答。输入问题后会显示所需的时间。</translation>
    </message>
</context>
<context>
    <name>BackgroundPage</name>
    <message>
        <source>A quarter</source>
        <translation>四分之一</translation>
    </message>
    <message>
        <source>All of it</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Half</source>
        <translation>一半</translation>
    </message>
    <message>
        <source>In the background</source>
        <translation>后台</translation>
    </message>
    <message>
        <source>Indexing waits while the computer runs on its battery.</source>
        <translation>电脑使用电池时，索引会等待。</translation>
    </message>
    <message>
        <source>It begins three minutes after the last key or mouse movement, and waits when you are back.</source>
        <translation>最后一次按键或移动鼠标三分钟后开始，您回来时暂停等待。</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Of the {cores} cores of this computer; at least one is used. A change holds at once.</source>
        <translation>这台电脑共有 {cores} 个核心，至少使用一个。更改立即生效。</translation>
    </message>
    <message>
        <source>Only in these hours</source>
        <translation>仅在以下时段</translation>
    </message>
    <message>
        <source>Only on mains power</source>
        <translation>仅在接通电源时</translation>
    </message>
    <message>
        <source>Only while nobody uses the computer</source>
        <translation>仅在无人使用电脑时</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Share for indexing</source>
        <translation>索引可用的份额</translation>
    </message>
    <message>
        <source>Tell when something is done</source>
        <translation>完成时通知</translation>
    </message>
    <message>
        <source>The desktop tells when indexing that took more than a minute, an answer, an export or a download is done while another window is in front. A click on it brings ReTaKe to the front.</source>
        <translation>当其他窗口在前台时，超过一分钟的索引、回答、导出或下载完成后，桌面会发出通知。点击通知即可回到 ReTaKe。</translation>
    </message>
    <message>
        <source>They may go past midnight, such as 22:00 to 06:00.</source>
        <translation>可以跨过午夜，例如 22:00 到 06:00。</translation>
    </message>
    <message>
        <source>This computer has no battery, or does not tell about it.</source>
        <translation>这台电脑没有电池，或无法得知电池状态。</translation>
    </message>
    <message>
        <source>This desktop does not tell whether somebody uses the computer.</source>
        <translation>此桌面环境无法告知是否有人在使用电脑。</translation>
    </message>
    <message>
        <source>Three quarters</source>
        <translation>四分之三</translation>
    </message>
    <message>
        <source>When to index</source>
        <translation>何时索引</translation>
    </message>
    <message>
        <source>While indexing waits, the line at the bottom of the window says for what and offers “Index now”. The command “retake index” never waits.</source>
        <translation>索引等待时，窗口底部会说明原因，并提供“立即索引”。命令“retake index”从不等待。</translation>
    </message>
    <message>
        <source>until</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Decode on the graphics card</source>
        <translation>用显卡解码</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>The beginning of the first large video of each kind is decoded by the processor, too: a card that makes anything else of it is not used for that kind. While a question is answered, indexing leaves the card to it. “retake doctor” tells what yours decodes. A change holds from the next run on.</source>
        <translation>每一类大尺寸视频中的第一个，其开头也会由处理器解码一遍：结果与之不同的显卡，不会用于这一类视频。回答问题时，索引会让出显卡。“retake doctor” 会告诉您显卡能解码哪些视频。更改从下一次索引起生效。</translation>
    </message>
    <message>
        <source>Where it works</source>
        <translation>可用时</translation>
    </message>
</context>
<context>
    <name>BackupPage</name>
    <message>
        <source>A backup is one file with all that ReTaKe knows about your videos, and with your questions and settings. The videos themselves are not in it. Keep it on another disk.</source>
        <translation>备份是一个文件，包含 ReTaKe 对您的视频所知的一切，以及您的提问和设置。视频本身不在其中。请把它保存在另一块磁盘上。</translation>
    </message>
    <message>
        <source>Automatic copies</source>
        <translation>自动副本</translation>
    </message>
    <message>
        <source>Back up into</source>
        <translation>备份到</translation>
    </message>
    <message>
        <source>Back up now…</source>
        <translation>立即备份…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Backups (*.zip *.db)</source>
        <translation>备份 (*.zip *.db)</translation>
    </message>
    <message>
        <source>Backups (*.zip)</source>
        <translation>备份 (*.zip)</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>Include the memories of videos; they are large, and can be made again</source>
        <translation>包含视频记忆（体积大，可以重新生成）</translation>
    </message>
    <message>
        <source>Once a day, and before a new version changes the library, it is copied into the data directory. A repair takes from the newest copy what it cannot read. At most {count} are kept.</source>
        <translation>每天一次，以及在新版本更改资料库之前，资料库会被复制到数据目录中。修复时，无法读取的内容取自最新的副本。最多保留 {count} 份。</translation>
    </message>
    <message>
        <source>Progress of the backup</source>
        <translation>备份进度</translation>
    </message>
    <message>
        <source>Replace the library with “{name}”? What was indexed, asked and changed since then is not in it. The present library is copied first.</source>
        <translation>用“{name}”替换当前资料库吗？此后建立的索引、提出的问题和所做的更改不在其中。替换前会先复制当前的资料库。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Restore a backup…</source>
        <translation>恢复备份…</translation>
    </message>
    <message>
        <source>Restore this copy…</source>
        <translation>恢复此副本…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stopped; nothing was changed.</source>
        <translation>已停止；没有任何更改。</translation>
    </message>
    <message>
        <source>Videos are being indexed. Stop that first, or wait until it is done.</source>
        <translation>正在为视频建立索引。请先停止，或等它结束。</translation>
    </message>
    <message>
        <source>{name} was written: {videos}, {size}.</source>
        <translation>已写入 {name}：{videos}，{size}。</translation>
    </message>
    <message>
        <source>Include the faces that were found, and the names of people</source>
        <translation>包括找到的人脸和人物的名字</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Remove the filter: {text}</source>
        <translation>移除筛选条件：{text}</translation>
    </message>
    <message>
        <source>Remove this filter</source>
        <translation>移除此筛选条件</translation>
    </message>
</context>
<context>
    <name>ChipRow</name>
    <message>
        <source>Filters of this search</source>
        <translation>此搜索的筛选条件</translation>
    </message>
</context>
<context>
    <name>CitationChip</name>
    <message>
        <source>Show {time}</source>
        <translation>显示 {time}</translation>
    </message>
    <message>
        <source>{start} to {end}</source>
        <translation>{start} 到 {end}</translation>
    </message>
    <message>
        <source>The second look does not confirm it.</source>
        <translation>再次观看未能证实这一点。</translation>
    </message>
</context>
<context>
    <name>ComputersPage</name>
    <message>
        <source>1 core</source>
        <translation>1 个核心</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>All computers of a cluster know one word, and let nobody in who does not. Whoever knows it can run programs on them: give it to no one else.</source>
        <translation>集群中的所有电脑都知道同一个令牌，不知道的一概拒绝。知道它的人可以在这些电脑上运行程序，请不要交给别人。</translation>
    </message>
    <message>
        <source>Computers</source>
        <translation>电脑</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>One computer works along, with {cores} cores.</source>
        <translation>有 1 台电脑可用，共 {cores} 个核心。</translation>
    </message>
    <message>
        <source>One more computer</source>
        <translation>再加一台电脑</translation>
    </message>
    <message>
        <source>Other computers</source>
        <translation>其他电脑</translation>
    </message>
    <message>
        <source>Other computers of yours can index the recordings that they see, on a network drive or a copy, describe any and answer questions, each as far as it has the same models. Only what they find comes back: the library stays on this computer.</source>
        <translation>您的其他电脑可以为它们能看到的录像（网络驱动器上的，或副本）建立索引，可以描述任何录像，也可以回答问题，只要装有相同的模型。传回来的只有找到的结果：资料库留在本机。</translation>
    </message>
    <message>
        <source>Stop looking</source>
        <translation>停止查看</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>The cluster is there, and none of its computers offers a core.</source>
        <translation>集群已连上，但其中没有电脑提供核心。</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Use other computers</source>
        <translation>使用其他电脑</translation>
    </message>
    <message>
        <source>Where they cannot be reached, this computer works alone, and says so.</source>
        <translation>连不上时，本机独自完成工作，并会说明。</translation>
    </message>
    <message>
        <source>Write down the address first.</source>
        <translation>请先填写地址。</translation>
    </message>
    <message>
        <source>does not see all folders</source>
        <translation>看不到全部文件夹</translation>
    </message>
    <message>
        <source>free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>such as {address}</source>
        <translation>例如 {address}</translation>
    </message>
    <message>
        <source>works for {name}</source>
        <translation>正在为 {name} 工作</translation>
    </message>
    <message>
        <source>{count} computers work along, with {cores} cores.</source>
        <translation>有 {count} 台电脑可用，共 {cores} 个核心。</translation>
    </message>
    <message>
        <source>{count} cores</source>
        <translation>{count} 个核心</translation>
    </message>
    <message>
        <source>{name} does not see {folders}: this computer looks at the videos there, or the command below tells it what it calls them.</source>
        <translation>{name} 看不到 {folders}：其中的视频由本机处理；也可以用下面的命令告诉它这些文件夹在那边的名称。</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} 内存</translation>
    </message>
    <message>
        <source>{there} is {here} on {name}.</source>
        <translation>{there} 在 {name} 上是 {here}。</translation>
    </message>
    <message>
        <source>“retake cluster start” tells it on the other computer.</source>
        <translation>在另一台电脑上运行“retake cluster start”时会显示。</translation>
    </message>
</context>
<context>
    <name>Conditions</name>
    <message>
        <source>Indexing waits for mains power</source>
        <translation>索引等待接通电源</translation>
    </message>
    <message>
        <source>Indexing waits until nobody uses the computer</source>
        <translation>索引等待电脑空闲</translation>
    </message>
    <message>
        <source>Indexing waits until {time}</source>
        <translation>索引等到 {time} 再开始</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>&lt;b&gt;An error occurred in ReTaKe.&lt;/b&gt;&lt;br&gt;Your library and your videos are safe. You can continue; if it happens again, please send the text below to the developers.</source>
        <translation>&lt;b&gt;ReTaKe 发生了内部错误。&lt;/b&gt;&lt;br&gt;您的资料库和视频都是安全的。您可以继续使用；如果再次发生，请把下面的文字发给开发者。</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详细信息</translation>
    </message>
    <message>
        <source>Details of the error</source>
        <translation>错误的详细信息</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Open the log</source>
        <translation>打开日志</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>出错了</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Another place</source>
        <translation>换个位置</translation>
    </message>
    <message>
        <source>Clips that were dragged out of the window</source>
        <translation>拖出窗口的片段</translation>
    </message>
    <message>
        <source>Copies of the library; see Backup</source>
        <translation>资料库的副本；见“备份”</translation>
    </message>
    <message>
        <source>Copies of videos that cannot be played as they are</source>
        <translation>无法直接播放的视频的副本</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Delete the copies of videos, the dragged clips and the pictures, {size} in all? They are made again when they are needed; until then such a video takes a moment longer to open.</source>
        <translation>删除视频副本、拖出的片段和图片，共 {size}？需要时会重新生成；在此之前，打开这类视频会稍慢一些。</translation>
    </message>
    <message>
        <source>Delete the directory above. Downloaded models are deleted on the Models page.</source>
        <translation>删除上面的目录即可。下载的模型请在“模型”页中删除。</translation>
    </message>
    <message>
        <source>Empty what can be made again</source>
        <translation>清空可重新生成的内容</translation>
    </message>
    <message>
        <source>Empty what can be made again…</source>
        <translation>清空可重新生成的内容…</translation>
    </message>
    <message>
        <source>Everything that ReTaKe knows is kept in one directory. Your videos are not in it.</source>
        <translation>ReTaKe 的全部数据都在一个目录里，其中不包含您的视频。</translation>
    </message>
    <message>
        <source>Library: keyframes, pictures, texts</source>
        <translation>资料库：关键帧、图片、文字</translation>
    </message>
    <message>
        <source>Memories of videos</source>
        <translation>视频记忆</translation>
    </message>
    <message>
        <source>Pictures of the last answer, for the command line</source>
        <translation>上一个回答的图片（供命令行使用）</translation>
    </message>
    <message>
        <source>Removing everything</source>
        <translation>全部移除</translation>
    </message>
    <message>
        <source>Search index; rebuilt when it is missing</source>
        <translation>搜索索引；缺失时会自动重建</translation>
    </message>
    <message>
        <source>Settings, log and other small files</source>
        <translation>设置、日志和其他小文件</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>The data directory</source>
        <translation>数据目录</translation>
    </message>
    <message>
        <source>The library can lie on another disk. The command line and the next start find it there, too.</source>
        <translation>资料库可以放在另一块磁盘上。命令行和下次启动时都能在那里找到它。</translation>
    </message>
    <message>
        <source>{size} of disk are free again.</source>
        <translation>已释放 {size} 磁盘空间。</translation>
    </message>
</context>
<context>
    <name>DateScrubber</name>
    <message>
        <source>Go to a day</source>
        <translation>转到某一天</translation>
    </message>
</context>
<context>
    <name>DatesDialog</name>
    <message>
        <source>&amp;From</source>
        <translation>从(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Until</source>
        <translation>到(&amp;U)</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>录制日期</translation>
    </message>
    <message>
        <source>Videos that do not say when they were recorded go by the date of their file.</source>
        <translation>没有录制日期的视频以文件日期为准。</translation>
    </message>
</context>
<context>
    <name>DescribingPage</name>
    <message>
        <source>By {model}, after everything else, and never while you ask or search. The page Models tells how long an hour of video takes it; before it begins, the list of activity tells how many videos there are, and the disk that their memories take. The next question about a described video is answered at once.</source>
        <translation>由 {model} 在其他工作全部完成之后进行，您提问时会让路。“模型”页面说明处理一小时视频需要多久；开始之前，活动列表会告诉您有多少视频，以及其记忆占用的磁盘空间。之后对已描述的视频提问可立即得到回答。</translation>
    </message>
    <message>
        <source>Choose a model for questions first, on the page Models.</source>
        <translation>请先在“模型”页面选择回答问题的模型。</translation>
    </message>
    <message>
        <source>Describe recordings</source>
        <translation>描述录像</translation>
    </message>
    <message>
        <source>Descriptions</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Folders whose recordings are described</source>
        <translation>要描述其中录像的文件夹</translation>
    </message>
    <message>
        <source>In these folders</source>
        <translation>在这些文件夹中</translation>
    </message>
    <message>
        <source>When this is on, the model for questions reads each video once and writes a title, a summary and chapters. Search finds them, and what you write yourself is never overwritten.</source>
        <translation>开启后，回答问题的模型会把每个视频看一遍，写出标题、摘要和章节。搜索可以找到它们，您自己写的内容绝不会被覆盖。</translation>
    </message>
</context>
<context>
    <name>DescriptionDialog</name>
    <message>
        <source>&amp;Chapters</source>
        <translation>章节(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Summary</source>
        <translation>摘要(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Title</source>
        <translation>标题(&amp;T)</translation>
    </message>
    <message>
        <source>A line for each chapter: its time, and its title. The file is not changed.</source>
        <translation>每个章节一行：时间和标题。视频文件不会改变。</translation>
    </message>
    <message>
        <source>Title and chapters of “{name}”</source>
        <translation>“{name}”的标题和章节</translation>
    </message>
    <message>
        <source>{time} The cake</source>
        <translation>{time} 切蛋糕</translation>
    </message>
    <message>
        <source>Describe with {model}</source>
        <translation>用 {model} 描述</translation>
    </message>
    <message>
        <source>It could not be described: {reason}</source>
        <translation>无法描述：{reason}</translation>
    </message>
    <message>
        <source>This is by {model}. What you change becomes your own, and is never overwritten.</source>
        <translation>由 {model} 所写。您修改之后即为您自己的内容，绝不会被覆盖。</translation>
    </message>
    <message>
        <source>Title and summary are by {model}, the chapters are those of the file.</source>
        <translation>标题和摘要由 {model} 所写，章节来自文件本身。</translation>
    </message>
</context>
<context>
    <name>DialogueView</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>DragOut</name>
    <message>
        <source>The clip is still being made. Drag the picture again in a moment.</source>
        <translation>片段还在生成。请稍后再拖动这张图片。</translation>
    </message>
</context>
<context>
    <name>ExchangeView</name>
    <message>
        <source>Answer to “{question}”</source>
        <translation>对“{question}”的回答</translation>
    </message>
    <message>
        <source>Ask the same question again</source>
        <translation>再次提出同一个问题</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Let the answer go on where it was cut</source>
        <translation>让回答从中断处继续</translation>
    </message>
    <message>
        <source>Progress of the answer</source>
        <translation>回答进度</translation>
    </message>
    <message>
        <source>Question: {question}</source>
        <translation>问题：{question}</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>ExportActions</name>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Similar moments</source>
        <translation>相似的瞬间</translation>
    </message>
    <message>
        <source>The answer to “{question}”</source>
        <translation>对“{question}”的回答</translation>
    </message>
    <message>
        <source>The whole of {name}</source>
        <translation>整个“{name}”</translation>
    </message>
    <message>
        <source>The whole of {videos}</source>
        <translation>整个：{videos}</translation>
    </message>
    <message>
        <source>{count} moments that were found</source>
        <translation>找到的 {count} 个瞬间</translation>
    </message>
    <message>
        <source>{time} to the next keyframe</source>
        <translation>{time} 到下一个关键帧</translation>
    </message>
</context>
<context>
    <name>ExportBar</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel the export</source>
        <translation>取消导出</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>导出进度</translation>
    </message>
    <message>
        <source>Writing {name}</source>
        <translation>正在写入 {name}</translation>
    </message>
    <message>
        <source>Writing {name}, {count} more to come</source>
        <translation>正在写入 {name}，还有 {count} 个</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>A file with this name already exists.</source>
        <translation>已有同名文件。</translation>
    </message>
    <message>
        <source>A folder already has this name; choose another one.</source>
        <translation>已有同名文件夹，请换一个名称。</translation>
    </message>
    <message>
        <source>A name cannot contain / \ : * ? &quot; &lt; &gt; or |.</source>
        <translation>名称中不能有 / \ : * ? &quot; &lt; &gt; | 。</translation>
    </message>
    <message>
        <source>Call it “{name}”</source>
        <translation>改名为“{name}”</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Chapters, or keyframes where there are none</source>
        <translation>章节；没有章节时用关键帧</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>Exact: encoded again, beginning right there</source>
        <translation>精确：重新编码，正好从那里开始</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Extra seconds, as room for editing.</source>
        <translation>额外多留的秒数，便于剪辑。</translation>
    </message>
    <message>
        <source>Fast: copied, beginning a little earlier</source>
        <translation>快速：直接复制，开头会略早一些</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Give the file a name.</source>
        <translation>请给文件起名。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep the date</source>
        <translation>保留日期</translation>
    </message>
    <message>
        <source>Keep the place</source>
        <translation>保留地点</translation>
    </message>
    <message>
        <source>Keyframes</source>
        <translation>关键帧</translation>
    </message>
    <message>
        <source>More</source>
        <translation>多留</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Replace the existing file</source>
        <translation>替换已有的文件</translation>
    </message>
    <message>
        <source>Seconds after the moment</source>
        <translation>瞬间之后的秒数</translation>
    </message>
    <message>
        <source>Seconds before the moment</source>
        <translation>瞬间之前的秒数</translation>
    </message>
    <message>
        <source>This folder cannot be written to; choose another one.</source>
        <translation>无法写入这个文件夹，请选择另一个。</translation>
    </message>
    <message>
        <source>This folder does not exist; choose another one.</source>
        <translation>这个文件夹不存在，请选择另一个。</translation>
    </message>
    <message>
        <source>This name is too long; give a shorter one.</source>
        <translation>文件名太长，请换一个短一些的。</translation>
    </message>
    <message>
        <source>What the clip says about when and where it was recorded</source>
        <translation>片段中保留的录制时间和地点信息</translation>
    </message>
    <message>
        <source>Where to export to</source>
        <translation>导出到哪里</translation>
    </message>
    <message>
        <source>after the moment</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>before and</source>
        <translation>之前，</translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>Export stopped</source>
        <translation>导出已停止</translation>
    </message>
    <message>
        <source>In {folder}</source>
        <translation>在 {folder} 中</translation>
    </message>
    <message>
        <source>The export of {name} stopped unexpectedly. Export it again.</source>
        <translation>{name} 的导出意外中止。请重新导出。</translation>
    </message>
    <message>
        <source>{name} was not written.</source>
        <translation>{name} 没有写入。</translation>
    </message>
    <message>
        <source>{name} was written.</source>
        <translation>{name} 已写入。</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Filmstrip of keyframes</source>
        <translation>关键帧胶片条</translation>
    </message>
    <message>
        <source>Keyframe at {time}, prominence high</source>
        <translation>{time} 处的关键帧，显著程度高</translation>
    </message>
    <message>
        <source>Keyframe at {time}, prominence low</source>
        <translation>{time} 处的关键帧，显著程度低</translation>
    </message>
    <message>
        <source>Keyframe at {time}, prominence middle</source>
        <translation>{time} 处的关键帧，显著程度中等</translation>
    </message>
    <message>
        <source>No keyframes in this stretch. Zoom out to see more.</source>
        <translation>这一段没有关键帧，缩小可看到更多。</translation>
    </message>
    <message>
        <source>No keyframes yet. They appear here while the video is indexed.</source>
        <translation>还没有关键帧，索引时会陆续出现在这里。</translation>
    </message>
    <message>
        <source>{shown} of {all} keyframes, from {start} to {end}</source>
        <translation>{all} 个关键帧中的 {shown} 个，从 {start} 到 {end}</translation>
    </message>
</context>
<context>
    <name>FilterMenu</name>
    <message>
        <source>&amp;Folder</source>
        <translation>文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Length</source>
        <translation>时长(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Match</source>
        <translation>匹配方式(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Recorded</source>
        <translation>录制日期(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Stars</source>
        <translation>星级(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Tag</source>
        <translation>标签(&amp;T)</translation>
    </message>
    <message>
        <source>From and until…</source>
        <translation>起止日期…</translation>
    </message>
    <message>
        <source>In the last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>In the last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>In the last year</source>
        <translation>最近一年</translation>
    </message>
    <message>
        <source>Only this &amp;video</source>
        <translation>仅此视频(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;People</source>
        <translation>人物(&amp;P)</translation>
    </message>
</context>
<context>
    <name>FolderPanel</name>
    <message>
        <source>Add a folder of videos</source>
        <translation>添加视频文件夹</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>All videos</source>
        <translation>全部视频</translation>
    </message>
    <message>
        <source>Checked every minute</source>
        <translation>每分钟检查一次</translation>
    </message>
    <message>
        <source>Continue watching</source>
        <translation>继续观看</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>已隐藏</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>正在索引</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Up to date</source>
        <translation>已是最新</translation>
    </message>
    <message>
        <source>Watching</source>
        <translation>监视中</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} 个失败</translation>
    </message>
    <message>
        <source>{count} offline</source>
        <translation>{count} 个离线</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>重命名(&amp;R)</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Files and folders that match one of these are neither indexed nor shown. What is known about them is kept, so that they are back at once when you include them again.</source>
        <translation>与其中任一规则匹配的文件和文件夹不会被索引，也不会显示。已有的信息会保留：重新纳入后立即恢复。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folders of the library</source>
        <translation>资料库的文件夹</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>正在索引</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Offline: its drive or network folder is not connected</source>
        <translation>离线：所在的磁盘或网络位置不可用</translation>
    </message>
    <message>
        <source>Remove folder</source>
        <translation>移除文件夹</translation>
    </message>
    <message>
        <source>Remove from library…</source>
        <translation>从资料库移除…</translation>
    </message>
    <message>
        <source>Remove “{name}” from the library? Its videos stay where they are.</source>
        <translation>要从资料库移除“{name}”吗？其中的视频仍留在原处。</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Up to date</source>
        <translation>已是最新</translation>
    </message>
    <message>
        <source>Videos in these folders and in the folders inside them are indexed. No file is ever changed.</source>
        <translation>这些文件夹及其子文件夹中的视频会被索引，任何文件都不会被改动。</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} 个失败</translation>
    </message>
</context>
<context>
    <name>GridHead</name>
    <message>
        <source>Added</source>
        <translation>添加时间</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>所有状态</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation>按名称筛选</translation>
    </message>
    <message>
        <source>Filter videos by name</source>
        <translation>按名称筛选视频</translation>
    </message>
    <message>
        <source>Filter videos by state</source>
        <translation>按状态筛选视频</translation>
    </message>
    <message>
        <source>Indexed</source>
        <translation>已建立索引</translation>
    </message>
    <message>
        <source>Keyframes</source>
        <translation>关键帧</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>图片大小</translation>
    </message>
    <message>
        <source>Size of the pictures (Ctrl and the mouse wheel)</source>
        <translation>图片大小（Ctrl + 鼠标滚轮）</translation>
    </message>
    <message>
        <source>Sort videos by</source>
        <translation>视频排序方式</translation>
    </message>
    <message>
        <source>Stars</source>
        <translation>星级</translation>
    </message>
    <message>
        <source>Turn the order round</source>
        <translation>反转顺序</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
</context>
<context>
    <name>HistoryList</name>
    <message>
        <source>Earlier questions</source>
        <translation>以前的问题</translation>
    </message>
    <message>
        <source>No questions yet. What you ask here is kept on this computer only.</source>
        <translation>还没有问题。您在这里问的内容只保存在本机。</translation>
    </message>
</context>
<context>
    <name>IndexingPage</name>
    <message>
        <source> per second</source>
        <translation> 帧/秒</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Decode videos fully, not only where something changes. Takes several times longer.</source>
        <translation>完整解码视频，而不只是有变化的地方。耗时会增加数倍。</translation>
    </message>
    <message>
        <source>How many frames per second are looked at where something happens. A higher rate finds shorter moments.</source>
        <translation>在有变化的地方每秒查看多少帧。数值越大，越能发现短暂的瞬间。</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Keyframe spacing</source>
        <translation>关键帧间隔</translation>
    </message>
    <message>
        <source>Longest gap</source>
        <translation>最长间隔</translation>
    </message>
    <message>
        <source>Look at every second</source>
        <translation>逐秒查看</translation>
    </message>
    <message>
        <source>On average, there is at most one keyframe in this many seconds.</source>
        <translation>平均每这么多秒最多一个关键帧。</translation>
    </message>
    <message>
        <source>Read text on screen</source>
        <translation>读取画面文字</translation>
    </message>
    <message>
        <source>Sampling rate</source>
        <translation>采样率</translation>
    </message>
    <message>
        <source>Search then finds titles, signs, subtitles and slides in Latin script, Chinese and Japanese. They are read last, at the keyframes: 100 of them take half a minute, or up to three minutes when they are full of text.</source>
        <translation>搜索即可找到拉丁字母、中文和日文的标题、标牌、字幕和幻灯片。画面文字在最后从关键帧中读取：每 100 个关键帧约需半分钟，满页文字最多三分钟。</translation>
    </message>
    <message>
        <source>Text on screen</source>
        <translation>画面文字</translation>
    </message>
    <message>
        <source>The text reader is not installed. Install it with: {command}</source>
        <translation>尚未安装读取画面文字的组件；请用以下命令安装：{command}</translation>
    </message>
    <message>
        <source>There is at least one keyframe in this many seconds, even where nothing happens.</source>
        <translation>每这么多秒至少一个关键帧，即使没有任何变化。</translation>
    </message>
    <message>
        <source>When you change one of these, all videos are looked at again the next time they are indexed.</source>
        <translation>更改其中任何一项后，下次索引时会重新查看所有视频。</translation>
    </message>
</context>
<context>
    <name>InformationPanel</name>
    <message>
        <source>Information</source>
        <translation>信息</translation>
    </message>
</context>
<context>
    <name>InformationView</name>
    <message>
        <source>Chapters</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Keyframes</source>
        <translation>关键帧</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>What is known of the video</source>
        <translation>视频的已知信息</translation>
    </message>
    <message>
        <source>as the file says</source>
        <translation>来自文件信息</translation>
    </message>
    <message>
        <source>by its name</source>
        <translation>来自文件名</translation>
    </message>
    <message>
        <source>by the file beside it</source>
        <translation>来自旁边的文件</translation>
    </message>
    <message>
        <source>given by hand</source>
        <translation>手动指定</translation>
    </message>
    <message>
        <source>of the last change</source>
        <translation>最后修改时间</translation>
    </message>
    <message>
        <source>{path} (not there now)</source>
        <translation>{path}（当前不在）</translation>
    </message>
    <message>
        <source>{rate} frames a second</source>
        <translation>每秒 {rate} 帧</translation>
    </message>
    <message>
        <source>Described by</source>
        <translation>描述者</translation>
    </message>
    <message>
        <source>Not described</source>
        <translation>未能描述</translation>
    </message>
</context>
<context>
    <name>JoinBox</name>
    <message>
        <source>Command for the other computer</source>
        <translation>另一台电脑上的命令</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Each further computer needs ReTaKe with the extra “cluster”, and a copy of the token. If a folder of the library lies elsewhere there, say where, and run this command on it:</source>
        <translation>每台新加入的电脑都要装有带附加组件“cluster”的 ReTaKe，并有一份令牌的副本。如果资料库的文件夹在那边位于别处，请先填写位置，然后在那台电脑上运行此命令：</translation>
    </message>
    <message>
        <source>Install ReTaKe with the extra “cluster” on the other computer. If a folder of the library lies elsewhere there, say where, and run this command on it; it tells the address, and the file of the token:</source>
        <translation>请在另一台电脑上安装带附加组件“cluster”的 ReTaKe。如果资料库的文件夹在那边位于别处，请先填写位置，然后在那台电脑上运行此命令，它会显示地址和令牌文件：</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>This folder</source>
        <translation>这个文件夹</translation>
    </message>
    <message>
        <source>is there</source>
        <translation>在那边是</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>0 to 9</source>
        <translation>0 到 9</translation>
    </message>
    <message>
        <source>Find a key, or what it does</source>
        <translation>查找按键或功能</translation>
    </message>
    <message>
        <source>Go to that tenth of the video</source>
        <translation>跳到视频的相应十分之几处</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>No key does that.</source>
        <translation>没有对应的快捷键。</translation>
    </message>
</context>
<context>
    <name>LanguageBox</name>
    <message>
        <source>Detect it for each video</source>
        <translation>自动识别每个视频的语言</translation>
    </message>
</context>
<context>
    <name>LeftOutBox</name>
    <message>
        <source>Choose a folder that lies inside one of the library&apos;s folders.</source>
        <translation>请选择位于资料库某个文件夹之内的文件夹。</translation>
    </message>
    <message>
        <source>Include again</source>
        <translation>重新纳入</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Leave out a folder</source>
        <translation>排除文件夹</translation>
    </message>
    <message>
        <source>Leave out a folder…</source>
        <translation>排除文件夹…</translation>
    </message>
    <message>
        <source>Pattern of what to leave out</source>
        <translation>要排除内容的规则</translation>
    </message>
    <message>
        <source>Pattern, such as drafts/ or *.tmp.mp4</source>
        <translation>规则，例如 drafts/ 或 *.tmp.mp4</translation>
    </message>
    <message>
        <source>This is not a pattern; write it as in .gitignore, such as drafts/ or *.tmp.mp4.</source>
        <translation>这不是有效的规则；请按 .gitignore 的写法输入，例如 drafts/ 或 *.tmp.mp4。</translation>
    </message>
    <message>
        <source>What is left out</source>
        <translation>已排除的内容</translation>
    </message>
</context>
<context>
    <name>LibraryActions</name>
    <message>
        <source>Add a folder of videos</source>
        <translation>添加视频文件夹</translation>
    </message>
    <message>
        <source>Add videos</source>
        <translation>添加视频</translation>
    </message>
    <message>
        <source>Videos ({patterns})</source>
        <translation>视频 ({patterns})</translation>
    </message>
    <message>
        <source>“{name}” was removed from the library. Its files were not touched.</source>
        <translation>已从资料库移除“{name}”，其中的文件未被改动。</translation>
    </message>
</context>
<context>
    <name>LibraryView</name>
    <message>
        <source>All videos</source>
        <translation>全部视频</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Continue watching</source>
        <translation>继续观看</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>已隐藏</translation>
    </message>
    <message>
        <source>No video matches the filter.</source>
        <translation>没有符合筛选条件的视频。</translation>
    </message>
    <message>
        <source>No videos here yet. They appear as they are found; drop a folder into the window to add one.</source>
        <translation>这里还没有视频，找到后会陆续出现；把文件夹拖进窗口即可添加。</translation>
    </message>
    <message>
        <source>Nothing is here any more.</source>
        <translation>这里已经没有内容了。</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>视频</translation>
    </message>
</context>
<context>
    <name>LinkOpener</name>
    <message>
        <source>“{name}” is not in the library. Add it to open it.</source>
        <translation>“{name}”不在资料库中，添加后即可打开。</translation>
    </message>
</context>
<context>
    <name>MarkActions</name>
    <message>
        <source>Hidden: {videos}. They stand under “Hidden”.</source>
        <translation>已隐藏：{videos}，可在“已隐藏”中找到。</translation>
    </message>
    <message>
        <source>Shown again: {videos}.</source>
        <translation>已重新显示：{videos}。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>MemoriesPage</name>
    <message>
        <source> GB</source>
        <translation> GB</translation>
    </message>
    <message>
        <source>A video that is no longer in the library</source>
        <translation>已不在资料库中的视频</translation>
    </message>
    <message>
        <source>After the first question about a video, the model&apos;s memory of it is kept, so that the next question is answered without watching it again. The memories that were not used for longest make room for new ones.</source>
        <translation>对一个视频第一次提问后，模型对它的记忆会保存下来，之后的问题无需重新观看即可回答。最久未用的会为新的腾出空间。</translation>
    </message>
    <message>
        <source>Disk space for memories</source>
        <translation>记忆可用的磁盘空间</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Forget all</source>
        <translation>全部忘记</translation>
    </message>
    <message>
        <source>Forget all videos? The next question about each will take longer.</source>
        <translation>要忘记所有视频吗？之后对每个视频的第一个问题会更慢。</translation>
    </message>
    <message>
        <source>Forget all…</source>
        <translation>全部忘记…</translation>
    </message>
    <message>
        <source>Keep always</source>
        <translation>始终保留</translation>
    </message>
    <message>
        <source>Memories</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>One memory takes {size}.</source>
        <translation>1 份记忆，占用 {size}。</translation>
    </message>
    <message>
        <source>Stop keeping it</source>
        <translation>不再保留</translation>
    </message>
    <message>
        <source>There are none yet; the first question about a video makes one.</source>
        <translation>还没有记忆；对视频第一次提问后就会产生。</translation>
    </message>
    <message>
        <source>kept always</source>
        <translation>始终保留</translation>
    </message>
    <message>
        <source>{count} memories take {size}.</source>
        <translation>{count} 份记忆，共占用 {size}。</translation>
    </message>
    <message>
        <source>4 bit</source>
        <translation>4 位</translation>
    </message>
    <message>
        <source>8 bit</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>8 bit takes about half of the disk space, 4 bit less than a third. Those that are kept stay.</source>
        <translation>8 位约占一半的磁盘空间，4 位不到三分之一。已保存的记忆保持不变。</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>Precision of new memories</source>
        <translation>新记忆的精度</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Fewer models</source>
        <translation>收起其他模型</translation>
    </message>
    <message>
        <source>More models</source>
        <translation>更多模型</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>An hour of video takes {time} on this processor.</source>
        <translation>在这台处理器上，一小时的视频需要{time}。</translation>
    </message>
    <message>
        <source>An hour of video takes {time}.</source>
        <translation>一小时的视频需要{time}。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cannot run here: it takes {needed} of memory, and the graphics card has {total}.</source>
        <translation>无法在本机运行：需要内存 {needed}，而显卡只有 {total}。</translation>
    </message>
    <message>
        <source>Cannot run here: it takes {needed} of memory, and this computer has {total}.</source>
        <translation>无法在本机运行：需要内存 {needed}，而本机只有 {total}。</translation>
    </message>
    <message>
        <source>Checking the download</source>
        <translation>正在校验下载的文件</translation>
    </message>
    <message>
        <source>Close other programs first: not enough memory is free now.</source>
        <translation>目前可用内存不足，请先关闭其他程序。</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Download again</source>
        <translation>重新下载</translation>
    </message>
    <message>
        <source>Download anyway…</source>
        <translation>仍要下载…</translation>
    </message>
    <message>
        <source>Download of {name}</source>
        <translation>正在下载 {name}</translation>
    </message>
    <message>
        <source>Finding out what to download</source>
        <translation>正在查询要下载的内容</translation>
    </message>
    <message>
        <source>For an hour of video. Without compression it would take {size} of memory.</source>
        <translation>按一小时的视频计算。不压缩时需要内存 {size}。</translation>
    </message>
    <message>
        <source>In 4 bit it would fit; see below.</source>
        <translation>以 4 位精度可以运行，见下文。</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} downloaded.</source>
        <translation>已暂停：已下载 {done} / {total}。</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Runs here in 4 bit, and looks at up to {count} moments of a video.</source>
        <translation>可以 4 位精度在本机运行，一个视频最多查看 {count} 个瞬间。</translation>
    </message>
    <message>
        <source>Runs here, and looks at up to {count} moments of a video.</source>
        <translation>可在本机运行，一个视频最多查看 {count} 个瞬间。</translation>
    </message>
    <message>
        <source>Stop using</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>This model is chosen, but it is not on this computer.</source>
        <translation>已选用这个模型，但本机上没有。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>no commercial use ({licence} licence)</source>
        <translation>不可商用（{licence} 许可）</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{size} a second, {time} left</source>
        <translation>每秒 {size}，剩余 {time}</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>内存 {size}</translation>
    </message>
    <message>
        <source>{size} on disk</source>
        <translation>磁盘 {size}</translation>
    </message>
    <message>
        <source>Built-in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>reads English only</source>
        <translation>只懂英语</translation>
    </message>
</context>
<context>
    <name>ModelsClient</name>
    <message>
        <source>Choosing the model ended unexpectedly. Choose it again.</source>
        <translation>选择模型时意外中止。请重新选择。</translation>
    </message>
    <message>
        <source>Deleting the model ended unexpectedly. Delete it again.</source>
        <translation>删除模型时意外中止。请重新删除。</translation>
    </message>
    <message>
        <source>Looking for models ended unexpectedly. Open this page again.</source>
        <translation>查找模型时意外中止。请重新打开此页。</translation>
    </message>
    <message>
        <source>The download ended unexpectedly. What was downloaded so far is kept; let it go on.</source>
        <translation>下载意外中止。已下载的部分会保留，请继续下载。</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>4 bit</source>
        <translation>4 位</translation>
    </message>
    <message>
        <source>4 bit takes about a third of the graphics memory; answers are a little less good.</source>
        <translation>4 位精度约占三分之一的显存，回答会稍差一些。</translation>
    </message>
    <message>
        <source>A VideoLLM looks at your videos and answers questions. Memory is stated for an hour of video.</source>
        <translation>视频大模型（VideoLLM）查看您的视频并回答问题。所列内存按一小时的视频计算。</translation>
    </message>
    <message>
        <source>An encoder compares pictures with words. A larger one finds more, but takes longer.</source>
        <translation>编码器将画面与文字进行比较。较大的编码器能找到更多内容，但耗时更长。</translation>
    </message>
    <message>
        <source>Another encoder</source>
        <translation>更换编码器</translation>
    </message>
    <message>
        <source>Answering questions</source>
        <translation>回答问题</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Delete model</source>
        <translation>删除模型</translation>
    </message>
    <message>
        <source>Delete {name} from this computer? This frees {size}.</source>
        <translation>要从本机删除 {name} 吗？将释放 {size}。</translation>
    </message>
    <message>
        <source>Download anyway</source>
        <translation>仍要下载</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Downloads go to {folder}, where {size} are free.</source>
        <translation>下载到 {folder}，该处可用空间为 {size}。</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>Leave it empty to use the system&apos;s proxy.</source>
        <translation>留空则使用系统的代理。</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>语音识别</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在检测本机…</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models run on the processor, which is slow for questions. This computer has {total} of memory; {free} are free now.</source>
        <translation>模型在处理器上运行，回答问题会比较慢。本机内存共 {total}，目前可用 {free}。</translation>
    </message>
    <message>
        <source>Models run on {card}, which has {total} of memory; {free} are free now.</source>
        <translation>模型在 {card} 上运行，显存共 {total}，目前可用 {free}。</translation>
    </message>
    <message>
        <source>Nothing is downloaded, and no server is contacted.</source>
        <translation>不下载任何内容，也不连接任何服务器。</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Recognising people</source>
        <translation>识别人物</translation>
    </message>
    <message>
        <source>Search with {name} from now on? It looks at the pictures of all keyframes first; until that is done, search goes on as before. Then all videos are looked at again, which takes longer.</source>
        <translation>从现在起使用 {name} 搜索？它会先查看所有关键帧的画面，在此之前搜索照常进行；随后会重新查看所有视频，这需要更长时间。</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Spoken language</source>
        <translation>视频中的语言</translation>
    </message>
    <message>
        <source>Stay offline</source>
        <translation>保持离线</translation>
    </message>
    <message>
        <source>The folder of a model</source>
        <translation>模型所在的文件夹</translation>
    </message>
    <message>
        <source>Use a folder that I have…</source>
        <translation>使用已有的文件夹…</translation>
    </message>
    <message>
        <source>VideoLLMs</source>
        <translation>视频大模型</translation>
    </message>
    <message>
        <source>When the language is set, words are misheard less often.</source>
        <translation>指定语言后，听错的会更少。</translation>
    </message>
    <message>
        <source>Where models are downloaded from. Leave it empty for the Hugging Face hub.</source>
        <translation>模型的下载来源。留空则为 Hugging Face。</translation>
    </message>
    <message>
        <source>Whisper writes down what is said, so that you can search for it. A larger one mishears less.</source>
        <translation>Whisper 把视频中说的话转成文字，方便搜索。模型越大，听错越少。</translation>
    </message>
    <message>
        <source>YuNet and SFace also find faces that are small or look aside. With another model, faces are looked for again; names stay with the faces that both find. Switch it on under People.</source>
        <translation>YuNet 和 SFace 还能找到较小或侧面的人脸。换用其他模型后会重新查找人脸；两个模型都找到的人脸会保留名字。请在“人物”中开启。</translation>
    </message>
    <message>
        <source>{name} needs more memory than this computer has, so it cannot run here. Download its {size} anyway?</source>
        <translation>{name} 所需的内存超过本机的内存，因此无法在这里运行。仍要下载它（{size}）吗？</translation>
    </message>
    <message>
        <source>Finding what is meant</source>
        <translation>按含义查找</translation>
    </message>
    <message>
        <source>What is said, written and noted is also found in other words. Without a model of your choice that works in English; this one reads fifty languages, and finds across them.</source>
        <translation>所说、所写和所记的内容也能用别的说法找到。未选择模型时仅支持英语；此模型能读五十种语言，并可跨语言查找。</translation>
    </message>
</context>
<context>
    <name>MoveBox</name>
    <message>
        <source>Delete the old library</source>
        <translation>删除旧资料库</translation>
    </message>
    <message>
        <source>Delete the old library in {place}? What was changed since the move is not in it.</source>
        <translation>删除 {place} 中的旧资料库吗？移动之后的更改不在其中。</translation>
    </message>
    <message>
        <source>Delete the old library…</source>
        <translation>删除旧资料库…</translation>
    </message>
    <message>
        <source>Move the library</source>
        <translation>移动资料库</translation>
    </message>
    <message>
        <source>Move the library to</source>
        <translation>将资料库移动到</translation>
    </message>
    <message>
        <source>Move the library to {place}? It is copied there, checked, and opened there. What lies here stays until you delete it.</source>
        <translation>将资料库移动到 {place} 吗？会先复制到那里并检查，然后在那里打开。这里的内容会保留，直到您将其删除。</translation>
    </message>
    <message>
        <source>Move the library…</source>
        <translation>移动资料库…</translation>
    </message>
    <message>
        <source>Progress of the move</source>
        <translation>移动进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>The library was moved here from {place}. When all is well, delete what is left there.</source>
        <translation>资料库已从 {place} 移动到这里。确认一切正常后，可删除留在那里的内容。</translation>
    </message>
    <message>
        <source>Videos are being indexed. Stop that first, or wait until it has ended.</source>
        <translation>正在为视频建立索引。请先停止，或等它结束。</translation>
    </message>
    <message>
        <source>{size} of disk are free again.</source>
        <translation>已释放 {size} 磁盘空间。</translation>
    </message>
</context>
<context>
    <name>NoteActions</name>
    <message>
        <source>A note about each of {videos}</source>
        <translation>关于这 {videos} 的笔记</translation>
    </message>
    <message>
        <source>A note about {name}</source>
        <translation>关于“{name}”的笔记</translation>
    </message>
    <message>
        <source>A note at {time} of {name}</source>
        <translation>“{name}”{time} 处的笔记</translation>
    </message>
    <message>
        <source>The note was deleted.</source>
        <translation>笔记已删除。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>NoteDialog</name>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>What the note says</source>
        <translation>笔记内容</translation>
    </message>
</context>
<context>
    <name>NotesList</name>
    <message>
        <source>Add a note</source>
        <translation>添加笔记</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Change the note</source>
        <translation>修改笔记</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>修改…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the note</source>
        <translation>删除笔记</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Notice</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message>
        <source>All videos of the library can be searched.</source>
        <translation>资料库中的所有视频都可以搜索了。</translation>
    </message>
    <message>
        <source>Indexing is done</source>
        <translation>索引完成</translation>
    </message>
    <message>
        <source>The download is complete</source>
        <translation>下载完成</translation>
    </message>
    <message>
        <source>The export failed</source>
        <translation>导出失败</translation>
    </message>
    <message>
        <source>The export is done</source>
        <translation>导出完成</translation>
    </message>
    <message>
        <source>The question could not be answered</source>
        <translation>无法回答这个问题</translation>
    </message>
    <message>
        <source>There is an answer</source>
        <translation>已有回答</translation>
    </message>
    <message>
        <source>{model} can be used now.</source>
        <translation>{model} 现在可以使用。</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
</context>
<context>
    <name>PeopleActions</name>
    <message>
        <source>&amp;Search for this person</source>
        <translation>搜索此人(&amp;S)</translation>
    </message>
    <message>
        <source>The faces are another person&apos;s now. Name it in the preferences, under People.</source>
        <translation>这些人脸现在属于另一个人。可在首选项的“人物”中为其命名。</translation>
    </message>
</context>
<context>
    <name>PeoplePage</name>
    <message>
        <source>Also those who are hidden, or seen a single time</source>
        <translation>也显示隐藏的人和只出现过一次的人</translation>
    </message>
    <message>
        <source>Everybody is hidden or was seen a single time. The box below shows them, too.</source>
        <translation>所有人都已隐藏或只出现过一次。勾选下方的选项即可一并显示。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Forget all faces…</source>
        <translation>忘记所有人脸…</translation>
    </message>
    <message>
        <source>Forget all people? Every face is deleted from the disk, and the automatic copies of the library with them. From now on no faces are looked for.</source>
        <translation>要忘记所有人吗？此操作会从磁盘删除每一张人脸，资料库的自动副本也会一并删除。今后不再查找人脸。</translation>
    </message>
    <message>
        <source>Forget {names}? All their faces are deleted from the disk, and the automatic copies of the library with them.</source>
        <translation>要忘记 {names} 吗？此操作会从磁盘删除其全部人脸，资料库的自动副本也会一并删除。</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>忘记…</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Look for faces</source>
        <translation>查找人脸</translation>
    </message>
    <message>
        <source>Name a person</source>
        <translation>为人物命名</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
    <message>
        <source>Name…</source>
        <translation>命名…</translation>
    </message>
    <message>
        <source>Nobody yet. People appear here when videos that show them are indexed.</source>
        <translation>还没有人。为出现人物的视频建立索引后，他们会显示在这里。</translation>
    </message>
    <message>
        <source>Nobody yet. Switch on “Look for faces”, and people appear here when videos are indexed.</source>
        <translation>还没有人。开启“查找人脸”，为视频建立索引后，人物会显示在这里。</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Person {number}</source>
        <translation>人物 {number}</translation>
    </message>
    <message>
        <source>Same person</source>
        <translation>是同一人</translation>
    </message>
    <message>
        <source>Show again</source>
        <translation>重新显示</translation>
    </message>
    <message>
        <source>Show moments</source>
        <translation>显示片段</translation>
    </message>
    <message>
        <source>They are looked for when videos are indexed next, last of all.</source>
        <translation>下次为视频建立索引时，会在最后查找人脸。</translation>
    </message>
    <message>
        <source>They are looked for when videos are indexed next, last of all: 100 keyframes take 2 to 14&#xa0;s. Another model can be had under Models.</source>
        <translation>下次为视频建立索引时，会在最后查找人脸：100 个关键帧需要 2 到 14 秒。可在“模型”中获取另一个模型。</translation>
    </message>
    <message>
        <source>Videos are being indexed. Stop that first, or wait until it is done.</source>
        <translation>正在为视频建立索引。请先停止，或等它结束。</translation>
    </message>
    <message>
        <source>When this is on, ReTaKe looks for faces in all videos and groups those that look alike. In the library on this computer it stores where each face is, 128 numbers that describe it, and a small picture. Nothing of it leaves the computer, and backups hold it only if you say so.</source>
        <translation>开启后，ReTaKe 会在所有视频中查找人脸，并把相似的归为一组。它在这台计算机的资料库中保存每张人脸的位置、描述它的 128 个数字和一张小图。这些都不会离开这台计算机，备份中也只在您要求时才包含它们。</translation>
    </message>
    <message>
        <source>Who was found</source>
        <translation>找到的人</translation>
    </message>
    <message>
        <source>{count} faces were deleted.</source>
        <translation>已删除 {count} 张人脸。</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} 张图片</translation>
    </message>
    <message>
        <source>{name} (hidden)</source>
        <translation>{name}（已隐藏）</translation>
    </message>
</context>
<context>
    <name>PeopleStrip</name>
    <message>
        <source>People in this video</source>
        <translation>此视频中的人物</translation>
    </message>
    <message>
        <source>Person {number}</source>
        <translation>人物 {number}</translation>
    </message>
    <message>
        <source>seen at {times}</source>
        <translation>出现于 {times}</translation>
    </message>
</context>
<context>
    <name>PictureChip</name>
    <message>
        <source>Looks like the picture from the clipboard</source>
        <translation>与剪贴板中的图片相似</translation>
    </message>
    <message>
        <source>Looks like {name}</source>
        <translation>与 {name} 相似</translation>
    </message>
    <message>
        <source>Search without this picture</source>
        <translation>不按此图片搜索</translation>
    </message>
    <message>
        <source>Similar to {time} in {name}</source>
        <translation>与 {name} 的 {time} 相似</translation>
    </message>
</context>
<context>
    <name>PieceBar</name>
    <message>
        <source>Next piece of the recording</source>
        <translation>该录像的下一段</translation>
    </message>
    <message>
        <source>Piece {number} of {count}</source>
        <translation>第 {number} 段，共 {count} 段</translation>
    </message>
    <message>
        <source>Previous piece of the recording</source>
        <translation>该录像的上一段</translation>
    </message>
</context>
<context>
    <name>PlanBar</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Change how much it looks at</source>
        <translation>更改查看多少内容</translation>
    </message>
    <message>
        <source>Detail kept</source>
        <translation>保留的细节</translation>
    </message>
    <message>
        <source>Fewer moments are faster, more see more.
Each choice has a memory of its own.</source>
        <translation>帧数少更快，帧数多看得更全。
每种选择各有一份记忆。</translation>
    </message>
    <message>
        <source>Gives the model the transcript, the text on screen, and the names and dates of the recordings</source>
        <translation>将文字稿、画面文字以及录像的名称和日期提供给模型</translation>
    </message>
    <message>
        <source>How much of what it saw is kept</source>
        <translation>所看内容保留多少</translation>
    </message>
    <message>
        <source>Moments at most</source>
        <translation>最多瞬间数</translation>
    </message>
    <message>
        <source>Moments to look at, at most</source>
        <translation>最多查看的瞬间数</translation>
    </message>
    <message>
        <source>Read what is said and written</source>
        <translation>读取语音和画面文字</translation>
    </message>
    <message>
        <source>What the question takes</source>
        <translation>这个问题的开销</translation>
    </message>
    <message>
        <source>After a first answer about a video, the moments that it points at are looked at once more,
closer together and larger, and the question is answered from both. It takes longer.</source>
        <translation>就一个视频得出初步回答后，会以更密的间隔和更大的画面再次观看它所指的瞬间，
并综合两次观看来回答问题。需要更长时间。</translation>
    </message>
    <message>
        <source>Thorough answer</source>
        <translation>深入回答</translation>
    </message>
</context>
<context>
    <name>PlaybackControls</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Sound is off</source>
        <translation>声音已关闭</translation>
    </message>
    <message>
        <source>Sound is on</source>
        <translation>声音已打开</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>no picture was found in it</source>
        <translation>其中没有画面</translation>
    </message>
</context>
<context>
    <name>Positions</name>
    <message>
        <source>Continued at {time}.</source>
        <translation>从 {time} 继续播放。</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>从头开始</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
</context>
<context>
    <name>Preparation</name>
    <message>
        <source>Making this file ready to play stopped unexpectedly, twice. Press Play to try it again.</source>
        <translation>准备播放此文件时两次意外中止。请按播放键重试。</translation>
    </message>
</context>
<context>
    <name>PreparationBar</name>
    <message>
        <source>Progress of preparing the file</source>
        <translation>准备播放的进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>This file is being prepared. Until then, playback may jump or stop.</source>
        <translation>正在准备此文件。在此之前画面可能跳动或停住。</translation>
    </message>
</context>
<context>
    <name>QuoteChip</name>
    <message>
        <source>On the screen</source>
        <translation>画面文字</translation>
    </message>
    <message>
        <source>Said</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Show {time}</source>
        <translation>显示 {time}</translation>
    </message>
</context>
<context>
    <name>RangeBar</name>
    <message>
        <source>{start} – {end}, {length} long</source>
        <translation>{start} – {end}，时长 {length}</translation>
    </message>
</context>
<context>
    <name>RescueDialog</name>
    <message>
        <source>A large library takes some minutes.</source>
        <translation>较大的资料库需要几分钟。</translation>
    </message>
    <message>
        <source>Nothing had to be repaired.</source>
        <translation>无需修复任何内容。</translation>
    </message>
    <message>
        <source>Open the library</source>
        <translation>打开资料库</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>ReTaKe can repair it: all that can be read is saved into a new library, the rest comes from its newest copy, and the damaged file is kept beside it. Your videos are safe.</source>
        <translation>ReTaKe 可以修复它：能读取的内容会存入新的资料库，无法读取的取自最新的副本，损坏的文件会保留在旁边。您的视频是安全的。</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Repairing</source>
        <translation>正在修复</translation>
    </message>
    <message>
        <source>Repairing the library</source>
        <translation>正在修复资料库</translation>
    </message>
    <message>
        <source>The library cannot be opened now</source>
        <translation>目前无法打开资料库</translation>
    </message>
    <message>
        <source>The library could not be repaired</source>
        <translation>无法修复资料库</translation>
    </message>
    <message>
        <source>The library is damaged</source>
        <translation>资料库已损坏</translation>
    </message>
    <message>
        <source>The library is repaired</source>
        <translation>资料库已修复</translation>
    </message>
    <message>
        <source>The library is sound</source>
        <translation>资料库完好</translation>
    </message>
    <message>
        <source>The repair ended unexpectedly; the log may say why.</source>
        <translation>修复意外中断，日志中可能有原因。</translation>
    </message>
    <message>
        <source>This library was made by a newer ReTaKe</source>
        <translation>此资料库由更新版本的 ReTaKe 创建</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Update ReTaKe to open it. Nothing in it was changed.</source>
        <translation>请更新 ReTaKe 后再打开，其中的内容没有任何改动。</translation>
    </message>
</context>
<context>
    <name>ResultList</name>
    <message>
        <source>Moments that match</source>
        <translation>匹配的瞬间</translation>
    </message>
</context>
<context>
    <name>Scope</name>
    <message>
        <source>About the folder {name}</source>
        <translation>关于文件夹 {name}</translation>
    </message>
    <message>
        <source>About the whole library</source>
        <translation>关于整个资料库</translation>
    </message>
    <message>
        <source>About this video</source>
        <translation>关于此视频</translation>
    </message>
    <message>
        <source>About {videos}</source>
        <translation>关于{videos}</translation>
    </message>
    <message>
        <source>Do not ask about these videos only</source>
        <translation>不再只针对这些视频提问</translation>
    </message>
    <message>
        <source>What to ask about</source>
        <translation>提问范围</translation>
    </message>
</context>
<context>
    <name>SearchActions</name>
    <message>
        <source>Another search is saved as “{name}”. Replace it?</source>
        <translation>已有另一个搜索保存为“{name}”。要替换它吗？</translation>
    </message>
    <message>
        <source>Find by picture</source>
        <translation>按图片查找</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
    <message>
        <source>Pictures ({patterns})</source>
        <translation>图片 ({patterns})</translation>
    </message>
    <message>
        <source>Rename this search</source>
        <translation>重命名此搜索</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>保存此搜索</translation>
    </message>
    <message>
        <source>The search was saved as “{name}”.</source>
        <translation>搜索已保存为“{name}”。</translation>
    </message>
    <message>
        <source>The search “{name}” was deleted.</source>
        <translation>已删除搜索“{name}”。</translation>
    </message>
    <message>
        <source>Type what to search for first; then it can be saved.</source>
        <translation>请先输入要搜索的内容，然后才能保存。</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>第 {number} 个，共 {count} 个</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search for a moment</source>
        <translation>搜索瞬间</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Words, “exact words”, and filters such as folder: and after:. Pictures can be pasted.</source>
        <translation>词语、“确切词语”，以及 folder:、after: 等筛选条件。可以粘贴图片。</translation>
    </message>
</context>
<context>
    <name>SearchPanel</name>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Nothing else looks like this.</source>
        <translation>没有其他相似的内容。</translation>
    </message>
    <message>
        <source>Nothing in this video matches “{query}”.</source>
        <translation>此视频中没有与“{query}”匹配的内容。</translation>
    </message>
    <message>
        <source>Nothing matches all of this. Remove a filter, or try other words.</source>
        <translation>没有同时符合所有条件的内容。请移除一个筛选条件，或换个说法。</translation>
    </message>
    <message>
        <source>Nothing matches “{query}”, not even weakly. Try other words.</source>
        <translation>没有与“{query}”匹配的内容，连较弱的匹配也没有。请换个说法。</translation>
    </message>
    <message>
        <source>Nothing matches “{query}”. Try other words.</source>
        <translation>没有与“{query}”匹配的内容。请换个说法。</translation>
    </message>
    <message>
        <source>Nothing that looks like this matches “{query}”.</source>
        <translation>与此相似的内容中没有与“{query}”匹配的。</translation>
    </message>
    <message>
        <source>Only in this video</source>
        <translation>仅在此视频中</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Search the whole library</source>
        <translation>搜索整个资料库</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>See models for search…</source>
        <translation>查看搜索模型…</translation>
    </message>
    <message>
        <source>Show weaker matches</source>
        <translation>显示较弱的匹配</translation>
    </message>
    <message>
        <source>The built-in encoder knows little of what pictures can show. {name} finds far more; it takes {size}.</source>
        <translation>内置编码器只认识少数常见的事物。{name} 能找到的多得多，大小为 {size}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>The built-in encoder does not know {words}.</source>
        <translation>内置编码器不认识{words}。</translation>
    </message>
    <message>
        <source>“{word}”</source>
        <translation>“{word}”</translation>
    </message>
    <message>
        <source>People are found by their faces: switch on “Look for faces” in the preferences, under People.</source>
        <translation>人物是通过人脸找到的：请在首选项的“人物”页面开启“查找人脸”。</translation>
    </message>
</context>
<context>
    <name>SearchRun</name>
    <message>
        <source>The search stopped unexpectedly, twice. Search again, or for something else.</source>
        <translation>搜索两次意外中止。请重新搜索，或换个内容搜索。</translation>
    </message>
</context>
<context>
    <name>SearchStart</name>
    <message>
        <source>&amp;Clear recent searches</source>
        <translation>清除最近的搜索(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>重命名(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>搜索(&amp;S)</translation>
    </message>
    <message>
        <source>Describe what can be seen, such as “a bicycle in the street”, or type words that are said, on screen or in a title. You can also drop a picture here.</source>
        <translation>描述要看到的画面，例如“街上的自行车”，或输入说过的、屏幕上的或标题中的词语。也可以把图片拖到这里。</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Saved and recent searches</source>
        <translation>已保存和最近的搜索</translation>
    </message>
</context>
<context>
    <name>SelectionBar</name>
    <message>
        <source>Select nothing</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>{count} selected</source>
        <translation>已选择 {count} 个</translation>
    </message>
</context>
<context>
    <name>ShortcutsPage</name>
    <message>
        <source>&amp;Key</source>
        <translation>按键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Other key</source>
        <translation>另一个按键(&amp;O)</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>操作及其快捷键</translation>
    </message>
    <message>
        <source>Find a key, or what it does</source>
        <translation>查找按键或功能</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>清除快捷键</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>Select an action, and press its new key below.</source>
        <translation>选择一个操作，然后在下方按下它的新快捷键。</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Side panel</source>
        <translation>侧边栏</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>文稿</translation>
    </message>
</context>
<context>
    <name>SoundTrackAction</name>
    <message>
        <source>“{name}” has no sound.</source>
        <translation>“{name}”没有声音。</translation>
    </message>
    <message>
        <source>“{name}” has one sound track.</source>
        <translation>“{name}”只有一条音轨。</translation>
    </message>
</context>
<context>
    <name>SoundTrackDialog</name>
    <message>
        <source>1 channel</source>
        <translation>1 个声道</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Automatic: track {tracks}</source>
        <translation>自动：音轨 {tracks}</translation>
    </message>
    <message>
        <source>Sound track</source>
        <translation>音轨</translation>
    </message>
    <message>
        <source>The video is listened to again, except where it has subtitles.</source>
        <translation>除有字幕的部分外，会重新听取这个视频。</translation>
    </message>
    <message>
        <source>Track {number}</source>
        <translation>音轨 {number}</translation>
    </message>
    <message>
        <source>Which track of “{name}” is listened to?</source>
        <translation>听取“{name}”的哪条音轨？</translation>
    </message>
    <message>
        <source>{count} channels</source>
        <translation>{count} 个声道</translation>
    </message>
</context>
<context>
    <name>SpeedButton</name>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Index now</source>
        <translation>立即索引</translation>
    </message>
    <message>
        <source>Index what waits, whatever the preferences say</source>
        <translation>不管首选项如何设置，立即索引等待中的视频</translation>
    </message>
    <message>
        <source>Index what was left</source>
        <translation>继续索引剩余的视频</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Progress of indexing</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>{count} unfinished</source>
        <translation>{count} 个未完成</translation>
    </message>
    <message>
        <source>{problems}, listed under Activity</source>
        <translation>{problems}，已列在“活动”中</translation>
    </message>
</context>
<context>
    <name>Subtitles</name>
    <message>
        <source>Heard by the speech model</source>
        <translation>由语音模型识别</translation>
    </message>
    <message>
        <source>In the video, {number}</source>
        <translation>视频内嵌 {number}</translation>
    </message>
    <message>
        <source>{name} · signs only</source>
        <translation>{name} · 仅画面文字</translation>
    </message>
    <message>
        <source>“{name}” contains no subtitles.</source>
        <translation>“{name}”中没有字幕。</translation>
    </message>
    <message>
        <source>This video has no subtitles; drop a file with some onto the picture.</source>
        <translation>这段视频没有字幕；可以把字幕文件拖放到画面上。</translation>
    </message>
</context>
<context>
    <name>TagDialog</name>
    <message>
        <source>A ticked tag is given, one without a tick is taken away.</source>
        <translation>勾选的标签会加上，未勾选的会移除。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Another tag</source>
        <translation>新标签</translation>
    </message>
    <message>
        <source>Name of another tag</source>
        <translation>新标签的名称</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags of {videos}</source>
        <translation>{videos}的标签</translation>
    </message>
</context>
<context>
    <name>TimeDialog</name>
    <message>
        <source>For example 1:02:03, 83, 1m23s or 12.5. In the player, the keys 0 to 9 go to that tenth of the video.</source>
        <translation>例如 1:02:03、83、1m23s 或 12.5。播放时按 0 到 9 键可跳到视频的十分之几处。</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>跳转</translation>
    </message>
    <message>
        <source>Go to a time</source>
        <translation>跳转到指定时间</translation>
    </message>
    <message>
        <source>This is not a time. Write it as 1:02:03, 83, 1m23s or 12.5.</source>
        <translation>这不是有效的时间。请写成 1:02:03、83、1m23s 或 12.5。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
</context>
<context>
    <name>TimeDisplay</name>
    <message>
        <source>Frame {number} / {count}</source>
        <translation>第 {number} / {count} 帧</translation>
    </message>
    <message>
        <source>Number of the frame</source>
        <translation>帧号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Time with hundredths</source>
        <translation>时间（精确到百分之一秒）</translation>
    </message>
    <message>
        <source>Time: click to choose how it is shown</source>
        <translation>时间：点击选择显示方式</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Chapter: {title}</source>
        <translation>章节：{title}</translation>
    </message>
    <message>
        <source>End of the range</source>
        <translation>选段终点</translation>
    </message>
    <message>
        <source>Start of the range</source>
        <translation>选段起点</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>{time} of {duration}</source>
        <translation>{time}，共 {duration}</translation>
    </message>
    <message>
        <source>{time} · {share} of this moment is remembered</source>
        <translation>{time} · 这一刻记住了 {share}</translation>
    </message>
    <message>
        <source>Notes at {times}</source>
        <translation>笔记位于 {times}</translation>
    </message>
</context>
<context>
    <name>TitleEditor</name>
    <message>
        <source>New name of the video</source>
        <translation>视频的新名称</translation>
    </message>
</context>
<context>
    <name>TokenBox</name>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Choose the token</source>
        <translation>选择令牌</translation>
    </message>
    <message>
        <source>It is here; paste another one to replace it</source>
        <translation>已有令牌；粘贴另一个可替换</translation>
    </message>
    <message>
        <source>It is kept in {file}. Other computers need a copy of this file.</source>
        <translation>保存在 {file}。其他电脑需要此文件的副本。</translation>
    </message>
    <message>
        <source>Paste it here</source>
        <translation>在此粘贴</translation>
    </message>
    <message>
        <source>Replace the token</source>
        <translation>替换令牌</translation>
    </message>
    <message>
        <source>Replace the token? Computers that know the one that is here, and not the other one, are refused then.</source>
        <translation>要替换令牌吗？只知道现有令牌、不知道另一个的电脑以后会被拒绝。</translation>
    </message>
    <message>
        <source>There is none yet. Paste it, or choose a copy of the file that “retake cluster start” named on the other computer. It will be kept in {file}.</source>
        <translation>还没有令牌。请粘贴，或选择另一台电脑上“retake cluster start”所指文件的副本。它将保存在 {file}。</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
</context>
<context>
    <name>TrackMenu</name>
    <message>
        <source>Choose a subtitle file</source>
        <translation>选择字幕文件</translation>
    </message>
    <message>
        <source>No sound</source>
        <translation>没有声音</translation>
    </message>
    <message>
        <source>No subtitles are known</source>
        <translation>尚无字幕</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Subtitle file…</source>
        <translation>字幕文件…</translation>
    </message>
    <message>
        <source>Subtitles</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Subtitles ({patterns})</source>
        <translation>字幕 ({patterns})</translation>
    </message>
</context>
<context>
    <name>TranscriptPanel</name>
    <message>
        <source>Choose a model…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>Find in what is said</source>
        <translation>在文稿中查找</translation>
    </message>
    <message>
        <source>Nobody says that in this video.</source>
        <translation>这个视频里没有人说过这些话。</translation>
    </message>
    <message>
        <source>Open a video to see what is said in it.</source>
        <translation>打开一个视频，即可查看其中说的话。</translation>
    </message>
    <message>
        <source>What is said</source>
        <translation>所说的话</translation>
    </message>
    <message>
        <source>What is said in the videos is being written down; it appears here.</source>
        <translation>正在把视频中说的话转成文字，结果会显示在这里。</translation>
    </message>
    <message>
        <source>What is said in this video is not known yet. A speech model writes it down during indexing.</source>
        <translation>还不知道这个视频里说了什么。索引时，语音模型会把它转成文字。</translation>
    </message>
    <message>
        <source>This video has no sound, and no subtitles.</source>
        <translation>这个视频没有声音，也没有字幕。</translation>
    </message>
</context>
<context>
    <name>VideoActions</name>
    <message>
        <source>&amp;Stars</source>
        <translation>星级(&amp;S)</translation>
    </message>
    <message>
        <source>The frame was copied.</source>
        <translation>已复制画面。</translation>
    </message>
    <message>
        <source>The link was copied. `retake-desktop` and the link open this moment.</source>
        <translation>已复制链接。用 `retake-desktop` 加上这个链接即可打开这一刻。</translation>
    </message>
    <message>
        <source>The path was copied.</source>
        <translation>已复制路径。</translation>
    </message>
    <message>
        <source>{count} videos were removed from the library. Their files were not touched.</source>
        <translation>已从资料库移除 {count} 个视频，文件未被改动。</translation>
    </message>
    <message>
        <source>“{name}” was removed from the library. Its file was not touched.</source>
        <translation>已从资料库移除“{name}”，文件未被改动。</translation>
    </message>
</context>
<context>
    <name>VideoDelegate</name>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Live photo</source>
        <translation>实况照片</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Ready to ask</source>
        <translation>可提问</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
</context>
<context>
    <name>VideoGridModel</name>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Left at {time}</source>
        <translation>上次看到 {time}</translation>
    </message>
    <message>
        <source>Ready to ask: the model remembers it.</source>
        <translation>可提问：模型记得它。</translation>
    </message>
    <message>
        <source>Tags: {tags}</source>
        <translation>标签：{tags}</translation>
    </message>
    <message>
        <source>The file is not there now; its keyframes are kept.</source>
        <translation>文件目前不在，其关键帧会保留。</translation>
    </message>
    <message>
        <source>The film of a live photo.</source>
        <translation>实况照片的视频。</translation>
    </message>
    <message>
        <source>Waiting to be indexed.</source>
        <translation>等待索引。</translation>
    </message>
</context>
<context>
    <name>VideoPage</name>
    <message>
        <source>Its colours cannot be shown as they are: it is Dolby Vision profile 5, which only Dolby Vision screens show.</source>
        <translation>它的颜色无法正确显示：这是杜比视界 Profile 5，只有支持杜比视界的屏幕才能正确显示。</translation>
    </message>
    <message>
        <source>The file is not there now. Connect its drive; the keyframes below are kept.</source>
        <translation>文件目前不在，请接上它所在的磁盘；下面的关键帧会保留。</translation>
    </message>
</context>
<context>
    <name>VideoSurface</name>
    <message>
        <source>Video picture</source>
        <translation>视频画面</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add another…</source>
        <translation>再添加一个…</translation>
    </message>
    <message>
        <source>Choose models…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>Find every moment in your recordings</source>
        <translation>找到录像中的每个瞬间</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>进入资料库</translation>
    </message>
    <message>
        <source>Indexing runs in the background; you can search right away.</source>
        <translation>索引在后台进行，随时可以开始搜索。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>ReTaKe picks out the keyframes that matter, finds moments that you describe, and answers questions. Everything stays on this computer, and your files are never changed.</source>
        <translation>ReTaKe 挑出重要的关键帧，找到您描述的瞬间，并回答您的问题。所有数据都留在本机，您的文件绝不会被改动。</translation>
    </message>
    <message>
        <source>Search works at once. Larger models find more and answer questions; you can add them later.</source>
        <translation>搜索马上就能用。更大的模型能找到更多内容并回答问题，可以以后再说。</translation>
    </message>
    <message>
        <source>Skip and look around</source>
        <translation>跳过，先看看</translation>
    </message>
    <message>
        <source>Where your videos are. You can also drop a folder into this window.</source>
        <translation>您的视频所在的位置，也可以把文件夹拖进这个窗口。</translation>
    </message>
</context>
<context>
    <name>_AlbumDelegate</name>
    <message>
        <source>New name of the album</source>
        <translation>相册的新名称</translation>
    </message>
</context>
<context>
    <name>_VolumeSlider</name>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;1 star</source>
        <translation>&amp;1 星</translation>
    </message>
    <message>
        <source>&amp;2 stars</source>
        <translation>&amp;2 星</translation>
    </message>
    <message>
        <source>&amp;3 stars</source>
        <translation>&amp;3 星</translation>
    </message>
    <message>
        <source>&amp;4 stars</source>
        <translation>&amp;4 星</translation>
    </message>
    <message>
        <source>&amp;5 stars</source>
        <translation>&amp;5 星</translation>
    </message>
    <message>
        <source>&amp;Activity</source>
        <translation>活动(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Add folder…</source>
        <translation>添加文件夹(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Ask</source>
        <translation>提问(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Ask a question</source>
        <translation>提问(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Copy the answer</source>
        <translation>复制回答(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Dark theme</source>
        <translation>深色主题(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Delete this conversation</source>
        <translation>删除此对话(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Earlier questions</source>
        <translation>以前的问题(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Favourite</source>
        <translation>收藏(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>全屏(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Hidden</source>
        <translation>隐藏(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Index from the start</source>
        <translation>从头索引(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Information</source>
        <translation>信息(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Keyboard</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>新对话(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;No stars</source>
        <translation>无星级(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Organise</source>
        <translation>整理(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Pause indexing</source>
        <translation>暂停索引(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation>播放或暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Playback</source>
        <translation>播放(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>首选项(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Remove folder from library</source>
        <translation>从资料库移除文件夹(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Remove from library</source>
        <translation>从资料库移除(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>重命名(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Save frame as…</source>
        <translation>画面另存为(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>搜索(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Send the question</source>
        <translation>发送问题(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Side panel on the right</source>
        <translation>右侧面板(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Stop indexing</source>
        <translation>停止索引(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>标签(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Transcript</source>
        <translation>文稿(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>重试(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Try failed videos again</source>
        <translation>重试失败的视频(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Undo removal</source>
        <translation>撤销移除(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Video</source>
        <translation>视频(&amp;V)</translation>
    </message>
    <message>
        <source>A&amp;bout ReTaKe</source>
        <translation>关于 ReTaKe(&amp;B)</translation>
    </message>
    <message>
        <source>Add &amp;videos…</source>
        <translation>添加视频(&amp;V)…</translation>
    </message>
    <message>
        <source>Back 30 seconds</source>
        <translation>后退 30 秒</translation>
    </message>
    <message>
        <source>Back 5 seconds</source>
        <translation>后退 5 秒</translation>
    </message>
    <message>
        <source>Back to the &amp;library</source>
        <translation>返回资料库(&amp;L)</translation>
    </message>
    <message>
        <source>Clear the range</source>
        <translation>清除选段</translation>
    </message>
    <message>
        <source>Copy &amp;frame</source>
        <translation>复制画面(&amp;F)</translation>
    </message>
    <message>
        <source>Copy &amp;link with time</source>
        <translation>复制带时间的链接(&amp;L)</translation>
    </message>
    <message>
        <source>Copy &amp;path</source>
        <translation>复制路径(&amp;P)</translation>
    </message>
    <message>
        <source>Delete a&amp;ll of these conversations</source>
        <translation>删除所有这些对话(&amp;L)</translation>
    </message>
    <message>
        <source>Do not &amp;continue watching</source>
        <translation>不再继续观看(&amp;C)</translation>
    </message>
    <message>
        <source>E&amp;xport the answer…</source>
        <translation>导出回答(&amp;X)…</translation>
    </message>
    <message>
        <source>Export &amp;clip…</source>
        <translation>导出片段(&amp;C)…</translation>
    </message>
    <message>
        <source>Export all &amp;results…</source>
        <translation>导出所有结果(&amp;R)…</translation>
    </message>
    <message>
        <source>F&amp;olders on the left</source>
        <translation>左侧文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>加快</translation>
    </message>
    <message>
        <source>Filmstrip: longer stretch</source>
        <translation>胶片条：更长的时段</translation>
    </message>
    <message>
        <source>Filmstrip: more keyframes</source>
        <translation>胶片条：更多关键帧</translation>
    </message>
    <message>
        <source>Filmstrip: whole video</source>
        <translation>胶片条：整个视频</translation>
    </message>
    <message>
        <source>Find &amp;similar moments</source>
        <translation>查找相似的瞬间(&amp;S)</translation>
    </message>
    <message>
        <source>Find by &amp;picture…</source>
        <translation>按图片查找(&amp;P)…</translation>
    </message>
    <message>
        <source>Forward 30 seconds</source>
        <translation>前进 30 秒</translation>
    </message>
    <message>
        <source>Forward 5 seconds</source>
        <translation>前进 5 秒</translation>
    </message>
    <message>
        <source>Go to a time…</source>
        <translation>跳转到指定时间…</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>跳到结尾</translation>
    </message>
    <message>
        <source>Go to the start</source>
        <translation>跳到开头</translation>
    </message>
    <message>
        <source>Index this fi&amp;rst</source>
        <translation>优先索引(&amp;R)</translation>
    </message>
    <message>
        <source>Look for &amp;new videos</source>
        <translation>查找新视频(&amp;N)</translation>
    </message>
    <message>
        <source>Mute or unmute</source>
        <translation>静音或取消静音</translation>
    </message>
    <message>
        <source>N&amp;ote…</source>
        <translation>笔记(&amp;O)…</translation>
    </message>
    <message>
        <source>Next chapter</source>
        <translation>下一章节</translation>
    </message>
    <message>
        <source>Next frame</source>
        <translation>下一帧</translation>
    </message>
    <message>
        <source>Next keyframe</source>
        <translation>下一个关键帧</translation>
    </message>
    <message>
        <source>Next match of the search</source>
        <translation>下一个搜索匹配</translation>
    </message>
    <message>
        <source>Play backward; press again for faster</source>
        <translation>倒放，再按加快</translation>
    </message>
    <message>
        <source>Play forward; press again for faster</source>
        <translation>播放，再按加快</translation>
    </message>
    <message>
        <source>Play the range</source>
        <translation>播放选段</translation>
    </message>
    <message>
        <source>Previous chapter</source>
        <translation>上一章节</translation>
    </message>
    <message>
        <source>Previous frame</source>
        <translation>上一帧</translation>
    </message>
    <message>
        <source>Previous keyframe</source>
        <translation>上一个关键帧</translation>
    </message>
    <message>
        <source>Previous match of the search</source>
        <translation>上一个搜索匹配</translation>
    </message>
    <message>
        <source>Range ends here</source>
        <translation>选段到此为止</translation>
    </message>
    <message>
        <source>Range starts here</source>
        <translation>选段从此开始</translation>
    </message>
    <message>
        <source>Repeat the range, or the video</source>
        <translation>循环播放选段或整个视频</translation>
    </message>
    <message>
        <source>S&amp;top the answer</source>
        <translation>停止回答(&amp;T)</translation>
    </message>
    <message>
        <source>Sa&amp;ve this search…</source>
        <translation>保存此搜索(&amp;V)…</translation>
    </message>
    <message>
        <source>Search the whole &amp;library</source>
        <translation>搜索整个资料库(&amp;L)</translation>
    </message>
    <message>
        <source>Show in file &amp;manager</source>
        <translation>在文件管理器中显示(&amp;M)</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>减慢</translation>
    </message>
    <message>
        <source>Sound &amp;track…</source>
        <translation>音轨(&amp;T)…</translation>
    </message>
    <message>
        <source>Sound track and subtitles…</source>
        <translation>音轨和字幕…</translation>
    </message>
    <message>
        <source>Subtitles</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Titl&amp;e and chapters…</source>
        <translation>标题和章节(&amp;E)…</translation>
    </message>
    <message>
        <source>Vie&amp;w</source>
        <translation>查看(&amp;W)</translation>
    </message>
    <message>
        <source>Volume down</source>
        <translation>调低音量</translation>
    </message>
    <message>
        <source>Volume up</source>
        <translation>调高音量</translation>
    </message>
    <message>
        <source>&amp;Ask about these</source>
        <translation>就所选视频提问(&amp;A)</translation>
    </message>
    <message>
        <source>Not this perso&amp;n</source>
        <translation>不是此人(&amp;N)</translation>
    </message>
</context>
<context>
    <name>answer page</name>
    <message>
        <source>Asked: {time}</source>
        <translation>提问时间：{time}</translation>
    </message>
    <message>
        <source>Chapters that it rests on</source>
        <translation>依据的章节</translation>
    </message>
    <message>
        <source>How it came about</source>
        <translation>回答的来历</translation>
    </message>
    <message>
        <source>Model: {model}</source>
        <translation>模型：{model}</translation>
    </message>
    <message>
        <source>No model answered. These are the moments of the library that match the question best.</source>
        <translation>没有模型作答。以下是资料库中与问题最匹配的瞬间。</translation>
    </message>
    <message>
        <source>Not shown</source>
        <translation>未显示的内容</translation>
    </message>
    <message>
        <source>Of {read} visual tokens it kept {kept}.</source>
        <translation>{read} 个视觉 token 中保留了 {kept} 个。</translation>
    </message>
    <message>
        <source>The answer was cut off.</source>
        <translation>回答被中断。</translation>
    </message>
    <message>
        <source>The answer was stopped before its end.</source>
        <translation>回答在完成前被停止。</translation>
    </message>
    <message>
        <source>The model saw {frames} frames; what lies between them it did not see.</source>
        <translation>模型看了 {frames} 帧；帧与帧之间的内容它没有看到。</translation>
    </message>
    <message>
        <source>There is no answer.</source>
        <translation>没有回答。</translation>
    </message>
    <message>
        <source>These are the moments that the model attended to most while it wrote the answer, the strongest first. They show what the answer rests on, not that it is right.</source>
        <translation>这些是模型写回答时最关注的瞬间，关注最多的在前。它们说明回答以什么为依据，并不表示回答一定正确。</translation>
    </message>
    <message>
        <source>Times in the answer that the evidence does not show: {times}</source>
        <translation>回答中提到、但依据中没有的时间：{times}</translation>
    </message>
    <message>
        <source>Times in the answer that the evidence supports: {times}</source>
        <translation>回答中有依据支持的时间：{times}</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>What it rests on</source>
        <translation>回答的依据</translation>
    </message>
    <message>
        <source>Words that it cites</source>
        <translation>引用的话语和文字</translation>
    </message>
    <message>
        <source>a video that is no longer in the library</source>
        <translation>已不在资料库中的视频</translation>
    </message>
    <message>
        <source>recorded {day}</source>
        <translation>录制于 {day}</translation>
    </message>
    <message>
        <source>{count} of the moments have no picture: their video is no longer in the library.</source>
        <translation>其中 {count} 个瞬间没有画面：对应的视频已不在资料库中。</translation>
    </message>
    <message>
        <source>{frames} frames, answered by reading the video in {seconds} s</source>
        <translation>{frames} 帧，读取视频后作答，用时 {seconds} 秒</translation>
    </message>
    <message>
        <source>{frames} frames, answered from the video&apos;s memory in {seconds} s</source>
        <translation>{frames} 帧，凭视频记忆作答，用时 {seconds} 秒</translation>
    </message>
    <message>
        <source>{start} to {end} in {video}: “{title}”</source>
        <translation>{video}，{start} 至 {end}：“{title}”</translation>
    </message>
    <message>
        <source>{start} to {end} in {video}: “{title}”. {text}</source>
        <translation>{video}，{start} 至 {end}：“{title}”。{text}</translation>
    </message>
    <message>
        <source>{time} in {video} (strength {strength})</source>
        <translation>{video}，{time}（关注度 {strength}）</translation>
    </message>
    <message>
        <source>{time} in {video} ({start} to {end}, strength {strength})</source>
        <translation>{video}，{time}（{start} 至 {end}，关注度 {strength}）</translation>
    </message>
    <message>
        <source>{time} in {video}, on screen: “{line}”</source>
        <translation>{video} 中 {time}，屏幕文字：“{line}”</translation>
    </message>
    <message>
        <source>{time} in {video}, said: “{line}”</source>
        <translation>{video} 中 {time}，所说：“{line}”</translation>
    </message>
</context>
<context>
    <name>ask</name>
    <message>
        <source>After the first question it can be said how long one takes.</source>
        <translation>回答过第一个问题之后，才能估计所需时间。</translation>
    </message>
    <message>
        <source>Answered from memory in {time}</source>
        <translation>凭记忆回答，用时 {time}</translation>
    </message>
    <message>
        <source>Answered in {time}</source>
        <translation>用时 {time}</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>It mentions {time}, but none of the moments that it is based on shows that.</source>
        <translation>回答提到 {time}，但所依据的瞬间都不在那里。</translation>
    </message>
    <message>
        <source>Keeps {kept} of {all} tokens</source>
        <translation>保留 {all} 个 token 中的 {kept} 个</translation>
    </message>
    <message>
        <source>Kept {kept} of {all} tokens</source>
        <translation>保留了 {all} 个 token 中的 {kept} 个</translation>
    </message>
    <message>
        <source>Less than you asked for, so that it fits the free memory.</source>
        <translation>为适应可用内存，少于所要求的数量。</translation>
    </message>
    <message>
        <source>Lines read along: {said} of what is said, {screen} of what stands on the screen</source>
        <translation>一并读取的内容：语音 {said} 行，画面文字 {screen} 行</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Loading what is remembered of the video</source>
        <translation>正在加载视频的记忆</translation>
    </message>
    <message>
        <source>Looking at moment {done} of {total}</source>
        <translation>正在查看第 {done} / {total} 个瞬间</translation>
    </message>
    <message>
        <source>Looking at the video</source>
        <translation>正在查看视频</translation>
    </message>
    <message>
        <source>Looking for moments</source>
        <translation>正在查找瞬间</translation>
    </message>
    <message>
        <source>Looks at 1 moment</source>
        <translation>查看 1 个瞬间</translation>
    </message>
    <message>
        <source>Looks at 1 moment, {time}</source>
        <translation>查看 1 个瞬间，{time}</translation>
    </message>
    <message>
        <source>Looks at {count} moments</source>
        <translation>查看 {count} 个瞬间</translation>
    </message>
    <message>
        <source>Looks at {count} moments, {time}</source>
        <translation>查看 {count} 个瞬间，{time}</translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation>模型：{name}</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>正在准备</translation>
    </message>
    <message>
        <source>Sources:</source>
        <translation>依据：</translation>
    </message>
    <message>
        <source>Takes {size} of memory, the model included</source>
        <translation>占用内存 {size}（包括模型）</translation>
    </message>
    <message>
        <source>The answer was cut at its limit.</source>
        <translation>回答达到长度上限，已被截断。</translation>
    </message>
    <message>
        <source>The model gave no answer.</source>
        <translation>模型没有给出回答。</translation>
    </message>
    <message>
        <source>This answer was cut off. Ask again to get it.</source>
        <translation>这个回答中断了，请再问一次。</translation>
    </message>
    <message>
        <source>This video is remembered, so the answer comes at once.</source>
        <translation>这个视频已有记忆，马上就能回答。</translation>
    </message>
    <message>
        <source>What is kept takes {size}</source>
        <translation>保留的内容占用 {size}</translation>
    </message>
    <message>
        <source>You stopped this answer.</source>
        <translation>您停止了这个回答。</translation>
    </message>
    <message>
        <source>{count}k</source>
        <translation>{count}k</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>What it remembers takes {size} of disk</source>
        <translation>所记住的内容占用 {size} 磁盘空间</translation>
    </message>
    <message>
        <source>Finding out where to look again</source>
        <translation>正在确定需要再次观看的地方</translation>
    </message>
    <message>
        <source>Looking again</source>
        <translation>正在再次观看</translation>
    </message>
    <message>
        <source>Then looks again at {count} moments at most</source>
        <translation>随后再次观看最多 {count} 个瞬间</translation>
    </message>
    <message>
        <source>Then looks again at {count} moments at most, {time}</source>
        <translation>随后再次观看最多 {count} 个瞬间，{time}</translation>
    </message>
    <message>
        <source>Answered from memory on {computer} in {time}</source>
        <translation>{computer} 凭记忆回答，用时 {time}</translation>
    </message>
    <message>
        <source>Answered on {computer} in {time}</source>
        <translation>由 {computer} 回答，用时 {time}</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>4 bit needs an NVIDIA graphics card that PyTorch can use.</source>
        <translation>4 位精度需要 PyTorch 可用的 NVIDIA 显卡。</translation>
    </message>
    <message>
        <source>4 bit needs one more package; install it with: {0}</source>
        <translation>4 位精度还需要一个软件包，请用以下命令安装：{0}</translation>
    </message>
    <message>
        <source>A copy of it that can be played would need more room than such copies may take.</source>
        <translation>要播放它需要生成副本，但副本所需空间超出了允许的上限。</translation>
    </message>
    <message>
        <source>A file is renamed in its folder: a name has no slashes and no control characters.</source>
        <translation>文件只能在原文件夹内重命名：名称中不能有斜杠或控制字符。</translation>
    </message>
    <message>
        <source>A name does not begin with a dot, and is not empty; choose another one.</source>
        <translation>名称不能为空，也不能以点开头，请换一个。</translation>
    </message>
    <message>
        <source>A note says something, in {0} characters at most.</source>
        <translation>笔记不能为空，且最多 {0} 个字符。</translation>
    </message>
    <message>
        <source>A part of ReTaKe ended unexpectedly. Nothing that was stored is lost; it starts again by itself.</source>
        <translation>ReTaKe 的一个部分意外结束。已保存的内容没有丢失，它会自动重新启动。</translation>
    </message>
    <message>
        <source>A request of the id {0} is open.</source>
        <translation>编号为 {0} 的请求尚未完成。</translation>
    </message>
    <message>
        <source>A search that is kept needs a name and a query.</source>
        <translation>保存的搜索需要名称和搜索内容。</translation>
    </message>
    <message>
        <source>A tag is a word or some, of {0} characters at most.</source>
        <translation>标签由一个或几个词组成，最多 {0} 个字符。</translation>
    </message>
    <message>
        <source>A tag is written without quotation marks and control characters; choose other words.</source>
        <translation>标签中不能有引号或控制字符，请换一个写法。</translation>
    </message>
    <message>
        <source>A transcript belongs to one video; choose one.</source>
        <translation>文稿只属于一个视频，请选择一个。</translation>
    </message>
    <message>
        <source>A video is being prepared for playing; try again when that is done.</source>
        <translation>正在准备视频以供播放；完成后请重试。</translation>
    </message>
    <message>
        <source>All that matches is in {0}, which is remembered, so all of it is asked.</source>
        <translation>所有匹配的内容都在 {0} 中，而且它已有记忆，因此会就整个视频提问。</translation>
    </message>
    <message>
        <source>An unexpected error stopped the job; the log has the rest.</source>
        <translation>任务因意外错误而中止，详情见日志。</translation>
    </message>
    <message>
        <source>An unexpected error stopped this; the log has the rest.</source>
        <translation>操作因意外错误而中止，详情见日志。</translation>
    </message>
    <message>
        <source>Another ReTaKe is indexing this library. Indexing goes on by itself.</source>
        <translation>另一个 ReTaKe 正在为这个资料库建立索引。稍后会自动继续。</translation>
    </message>
    <message>
        <source>Another ReTaKe is indexing this library; wait until it has ended.</source>
        <translation>另一个 ReTaKe 正在为这个资料库建立索引，请等它结束。</translation>
    </message>
    <message>
        <source>Another program holds the library {0} (it is locked); close it.</source>
        <translation>另一个程序正在占用资料库 {0}（已锁定），请关闭该程序。</translation>
    </message>
    <message>
        <source>Another search is kept as {0}; choose a name of its own.</source>
        <translation>已有另一个搜索保存为 {0}，请换一个名称。</translation>
    </message>
    <message>
        <source>Answering stopped unexpectedly. Ask again; if it stops once more, ask about fewer videos.</source>
        <translation>回答意外停止。请再问一次；如果再次停止，请就更少的视频提问。</translation>
    </message>
    <message>
        <source>Chapters belong to one video, and these moments are of several; choose one of them.</source>
        <translation>章节只属于一个视频，而这些瞬间来自多个视频，请选择其中一个。</translation>
    </message>
    <message>
        <source>Describe the video.</source>
        <translation>描述这个视频。</translation>
    </message>
    <message>
        <source>Downloads are switched off by the environment: HF_HUB_OFFLINE is set.</source>
        <translation>环境变量 HF_HUB_OFFLINE 已设置，下载已关闭。</translation>
    </message>
    <message>
        <source>Downloads are switched off in the settings: offline = true.</source>
        <translation>设置中已选择保持离线，下载已关闭。</translation>
    </message>
    <message>
        <source>Each line wants a time and a title, such as “1:30 The cake”, of 2,000 letters and 1,000 lines at most.</source>
        <translation>每行需要一个时间和一个标题，例如“1:30 切蛋糕”，每项最多 2,000 个字，最多 1,000 行。</translation>
    </message>
    <message>
        <source>Frames and budget are at least 1, and a keep ratio lies above 0 and not above 1.</source>
        <translation>帧数和预算至少为 1，保留比例须大于 0 且不超过 1。</translation>
    </message>
    <message>
        <source>How long {0} lasts is not known yet; index it first.</source>
        <translation>还不知道 {0} 有多长，请先为它建立索引。</translation>
    </message>
    <message>
        <source>It fails: {0}.</source>
        <translation>运行失败：{0}。</translation>
    </message>
    <message>
        <source>It has no picture that can be decoded.</source>
        <translation>其中没有可以解码的画面。</translation>
    </message>
    <message>
        <source>It has no video, only sound.</source>
        <translation>其中只有声音，没有视频。</translation>
    </message>
    <message>
        <source>It has no video.</source>
        <translation>其中没有视频。</translation>
    </message>
    <message>
        <source>It is not a file.</source>
        <translation>它不是文件。</translation>
    </message>
    <message>
        <source>It is not a video, or it is too damaged to open.</source>
        <translation>它不是视频，或者损坏严重而无法打开。</translation>
    </message>
    <message>
        <source>It is not a video.</source>
        <translation>它不是视频。</translation>
    </message>
    <message>
        <source>It leads to a folder around it, and is not followed</source>
        <translation>它指向包含它的文件夹，因此不会进入</translation>
    </message>
    <message>
        <source>It needs about {0}, and {1} are free in {2}; make room or choose another.</source>
        <translation>大约需要 {0}，而 {2} 中只有 {1} 可用空间；请腾出空间或选择其他位置。</translation>
    </message>
    <message>
        <source>It needs more memory to decode than it may take.</source>
        <translation>解码它所需的内存超出了允许的上限。</translation>
    </message>
    <message>
        <source>It takes {0} of the time of float32.</source>
        <translation>所需时间为 float32 的 {0}。</translation>
    </message>
    <message>
        <source>It takes {0} of the time of float32; search sees a difference of {1}.</source>
        <translation>所需时间为 float32 的 {0}；对搜索而言差别为 {1}。</translation>
    </message>
    <message>
        <source>Its colours cannot be shown as they are: it is Dolby Vision profile 5, which only Dolby Vision screens show.</source>
        <translation>它的颜色无法正确显示：这是杜比视界 Profile 5，只有支持杜比视界的屏幕才能正确显示。</translation>
    </message>
    <message>
        <source>Its frames cannot be sent: {0}.</source>
        <translation>无法发送它的画面：{0}。</translation>
    </message>
    <message>
        <source>Its pictures are too large to decode: {0} x {1}.</source>
        <translation>画面太大，无法解码：{0} x {1}。</translation>
    </message>
    <message>
        <source>Its video format is not supported.</source>
        <translation>不支持它的视频格式。</translation>
    </message>
    <message>
        <source>Models of the architecture {0} are not supported. These are: {1}.</source>
        <translation>不支持 {0} 架构的模型。支持的有：{1}。</translation>
    </message>
    <message>
        <source>Name the moment that the clip is to show.</source>
        <translation>请指定片段要包含的瞬间。</translation>
    </message>
    <message>
        <source>Name the one moment whose frame is to be saved.</source>
        <translation>请指定要保存画面的那一个瞬间。</translation>
    </message>
    <message>
        <source>No computer of the cluster at {0} can answer now: {1}</source>
        <translation>集群 {0} 中现在没有电脑能回答：{1}</translation>
    </message>
    <message>
        <source>No copy of it can be made that shows the same frames.</source>
        <translation>无法为它生成画面一致的副本。</translation>
    </message>
    <message>
        <source>No copy that can be played could be made: {0}.</source>
        <translation>无法生成可播放的副本：{0}。</translation>
    </message>
    <message>
        <source>No file can be called {0} ({1}).</source>
        <translation>文件不能命名为 {0}（{1}）。</translation>
    </message>
    <message>
        <source>No model for questions is chosen, so you get the moments to look at, without an answer in words.</source>
        <translation>尚未选择回答问题的模型，因此只会列出值得查看的瞬间，没有文字回答。</translation>
    </message>
    <message>
        <source>No note is about a time in it; write one: retake note VIDEO@TIME TEXT</source>
        <translation>没有关于其中某个时刻的笔记；可以写一条：retake note VIDEO@TIME TEXT</translation>
    </message>
    <message>
        <source>No search is kept as {0}; `retake searches` lists them.</source>
        <translation>没有名为 {0} 的已保存搜索；`retake searches` 会列出全部。</translation>
    </message>
    <message>
        <source>No video has the tag {0}; `retake tag` lists the tags.</source>
        <translation>没有视频带有标签 {0}；`retake tag` 会列出全部标签。</translation>
    </message>
    <message>
        <source>No video that matches is there now; connect its drive, or run: retake index</source>
        <translation>匹配的视频目前都不在；请接上所在的磁盘，或运行：retake index</translation>
    </message>
    <message>
        <source>No video {0} is in the library; `retake videos` lists them, `retake index` adds folders.</source>
        <translation>资料库中没有视频 {0}；`retake videos` 会列出视频，`retake index` 可添加文件夹。</translation>
    </message>
    <message>
        <source>None of its frames can be decoded there; choose another moment.</source>
        <translation>那里没有可以解码的画面，请选择另一个瞬间。</translation>
    </message>
    <message>
        <source>None of its frames can be decoded.</source>
        <translation>其中没有可以解码的画面。</translation>
    </message>
    <message>
        <source>Nothing here matches the question. Describe what is to be seen, or open a video and ask about that.</source>
        <translation>这里没有与问题匹配的内容。请描述要看到的画面，或打开一个视频再就它提问。</translation>
    </message>
    <message>
        <source>Nothing in this video matches the question. Describe what is to be seen, or choose a model.</source>
        <translation>这个视频中没有与问题匹配的内容。请描述要看到的画面，或选择一个模型。</translation>
    </message>
    <message>
        <source>Nothing of it can be copied there; choose another moment, or encode it exactly.</source>
        <translation>那里没有可以直接复制的内容；请选择另一个瞬间，或改用精确剪切。</translation>
    </message>
    <message>
        <source>Nothing that is said in {0} is known: it has no subtitles, nor was speech heard.</source>
        <translation>还不知道 {0} 中说了什么：它没有字幕，也没有识别过语音。</translation>
    </message>
    <message>
        <source>Search would see a difference of {0}.</source>
        <translation>对搜索而言差别将为 {0}。</translation>
    </message>
    <message>
        <source>Speech recognition is not installed; add it with: pip install &apos;retake-desktop[speech]&apos;</source>
        <translation>尚未安装语音识别，请用以下命令安装：pip install &apos;retake-desktop[speech]&apos;</translation>
    </message>
    <message>
        <source>Text on screen cannot be read; install what reads it with: {0}</source>
        <translation>无法读取画面文字，请用以下命令安装所需组件：{0}</translation>
    </message>
    <message>
        <source>The backup {0} cannot be read ({1}); the library is as it was.</source>
        <translation>无法读取备份 {0}（{1}）；资料库没有改动。</translation>
    </message>
    <message>
        <source>The backup {0} cannot be restored. {1}</source>
        <translation>无法恢复备份 {0}。{1}</translation>
    </message>
    <message>
        <source>The backup {0} is damaged; the library is as it was.</source>
        <translation>备份 {0} 已损坏；资料库没有改动。</translation>
    </message>
    <message>
        <source>The built-in encoder is not installed. Install it with: {0}</source>
        <translation>尚未安装内置编码器，请用以下命令安装：{0}</translation>
    </message>
    <message>
        <source>The built-in encoder&apos;s file {0} is damaged or was changed. Install it again with: {1} --force-reinstall</source>
        <translation>内置编码器的文件 {0} 已损坏或被改动。请用以下命令重新安装：{1} --force-reinstall</translation>
    </message>
    <message>
        <source>The clip could not be written: {0}.</source>
        <translation>无法写入片段：{0}。</translation>
    </message>
    <message>
        <source>The computer that described it stopped twice; close other programs there and retry, or use a smaller model.</source>
        <translation>描述它的电脑两次中断；请关闭那台电脑上的其他程序后重试，或改用较小的模型。</translation>
    </message>
    <message>
        <source>The copy in {0} is damaged ({1}); that disk is not reliable.</source>
        <translation>{0} 中的副本已损坏（{1}）；该磁盘不可靠。</translation>
    </message>
    <message>
        <source>The decoder crashed on it.</source>
        <translation>解码器处理它时崩溃了。</translation>
    </message>
    <message>
        <source>The decoder crashes or hangs on it.</source>
        <translation>解码器处理它时会崩溃或停止响应。</translation>
    </message>
    <message>
        <source>The decoder stopped answering on it.</source>
        <translation>解码器处理它时停止了响应。</translation>
    </message>
    <message>
        <source>The disk of {0} has {1} GB free, and {2} GB are needed.</source>
        <translation>{0} 所在磁盘剩余 {1} GB，需要 {2} GB。</translation>
    </message>
    <message>
        <source>The disk that holds {0} cannot be read or written ({1}); check that it is connected, and that your share of it is not used up.</source>
        <translation>{0} 所在的磁盘无法读写（{1}）；请检查磁盘是否已连接，以及您的配额是否已用完。</translation>
    </message>
    <message>
        <source>The disk that holds {0} has no room for a copy; free some space.</source>
        <translation>{0} 所在的磁盘没有空间存放副本，请腾出一些空间。</translation>
    </message>
    <message>
        <source>The disk that holds {0} is full; free some space.</source>
        <translation>{0} 所在的磁盘已满，请腾出一些空间。</translation>
    </message>
    <message>
        <source>The download cannot be written to {0} ({1}). Make room there, or set HF_HOME to another disk; what was downloaded so far is kept.</source>
        <translation>无法把下载内容写入 {0}（{1}）。请在那里腾出空间，或把 HF_HOME 设到另一块磁盘；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>The encoder that looked at this video cannot be used, and the library is too small to tell without it what looks alike; get it again, or choose another encoder.</source>
        <translation>看过这个视频的编码器无法使用，而资料库太小，没有它无法判断哪些画面相似；请重新获取它，或选择另一个编码器。</translation>
    </message>
    <message>
        <source>The ending says what kind of file it is, and stays {0}; leave {1} out.</source>
        <translation>扩展名表示文件类型，须保持 {0}；请去掉 {1}。</translation>
    </message>
    <message>
        <source>The face model {0} is not on this computer. Get it with: retake models download {1}</source>
        <translation>人脸模型 {0} 不在这台电脑上。获取方法：retake models download {1}</translation>
    </message>
    <message>
        <source>The face model&apos;s file {0} does not run ({1}); get it again with: retake models download {2}</source>
        <translation>人脸模型的文件 {0} 无法运行（{1}）。重新获取：retake models download {2}</translation>
    </message>
    <message>
        <source>The face model&apos;s file {0} is missing, damaged or of another version; get it again with: retake models download {1}</source>
        <translation>人脸模型的文件 {0} 缺失、损坏或版本不同。重新获取：retake models download {1}</translation>
    </message>
    <message>
        <source>The file cannot be read: {0}.</source>
        <translation>无法读取文件：{0}。</translation>
    </message>
    <message>
        <source>The file does not exist.</source>
        <translation>文件不存在。</translation>
    </message>
    <message>
        <source>The file is damaged or incomplete.</source>
        <translation>文件已损坏或不完整。</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>文件已损坏。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>The file {0} leads round in a circle; delete it.</source>
        <translation>文件 {0} 循环指向自身；请将其删除。</translation>
    </message>
    <message>
        <source>The folder is no longer in the library.</source>
        <translation>文件夹已不在资料库中。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be written to; choose another one.</source>
        <translation>无法写入文件夹 {0}，请选择另一个。</translation>
    </message>
    <message>
        <source>The folder {0} does not exist; choose another one.</source>
        <translation>文件夹 {0} 不存在，请选择另一个。</translation>
    </message>
    <message>
        <source>The graphics card cannot run the speech model, so that listening is slower; the log tells why.</source>
        <translation>显卡无法运行语音模型，因此识别语音会更慢；原因见日志。</translation>
    </message>
    <message>
        <source>The graphics memory is too small for the memory of this video.</source>
        <translation>显存太小，放不下这个视频的记忆。</translation>
    </message>
    <message>
        <source>The graphics memory is too small for this plan: lower the number of frames, or the keep ratio.</source>
        <translation>显存不足以这样观看：请减少瞬间数，或降低保留的细节。</translation>
    </message>
    <message>
        <source>The graphics memory ran out, so the video is read with {0} frames and a keep ratio of {1}.</source>
        <translation>显存不足，因此改为观看 {0} 个瞬间，保留比例为 {1}。</translation>
    </message>
    <message>
        <source>The graphics memory ran out. Ask with fewer frames, or close other programs that use it.</source>
        <translation>显存已用完。请减少瞬间数再提问，或关闭其他占用显存的程序。</translation>
    </message>
    <message>
        <source>The index files are sound.</source>
        <translation>索引文件完好。</translation>
    </message>
    <message>
        <source>The library cannot be backed up ({0}); look at it with: retake doctor</source>
        <translation>无法备份资料库（{0}）；请用以下命令检查：retake doctor</translation>
    </message>
    <message>
        <source>The library cannot be copied ({0}).</source>
        <translation>无法复制资料库（{0}）。</translation>
    </message>
    <message>
        <source>The library cannot be mended ({0}).</source>
        <translation>无法修复资料库（{0}）。</translation>
    </message>
    <message>
        <source>The library cannot be moved to {0} ({1}), and is where it was; choose another.</source>
        <translation>无法将资料库移动到 {0}（{1}），它仍在原处；请另选位置。</translation>
    </message>
    <message>
        <source>The library cannot be replaced ({0}); it is as it was.</source>
        <translation>无法替换资料库（{0}）；它没有改动。</translation>
    </message>
    <message>
        <source>The library holds {0} videos, which the backup would replace; to have it so, add --replace.</source>
        <translation>资料库中有 {0} 个视频，会被备份替换；如确实要替换，请加上 --replace。</translation>
    </message>
    <message>
        <source>The library is being changed all the time; stop what runs, and move it then.</source>
        <translation>资料库一直在变化；请先停止正在运行的任务，再移动。</translation>
    </message>
    <message>
        <source>The library is busy, so this question will not be in the history.</source>
        <translation>资料库正忙，因此这个问题不会出现在历史记录中。</translation>
    </message>
    <message>
        <source>The library is damaged ({0}).</source>
        <translation>资料库已损坏（{0}）。</translation>
    </message>
    <message>
        <source>The library is empty, although there are copies of it.</source>
        <translation>资料库是空的，但有它的副本。</translation>
    </message>
    <message>
        <source>The library is searched with {0}; choose another encoder before you delete it.</source>
        <translation>资料库正在使用 {0} 搜索；请先选择另一个编码器再删除它。</translation>
    </message>
    <message>
        <source>The library was moved to {0}, which is not there now: connect its disk. To use what is left in {1}, delete the file {2}.</source>
        <translation>资料库已移动到 {0}，但该位置现在不可用：请连接其磁盘。若要使用 {1} 中留下的资料库，请删除文件 {2}。</translation>
    </message>
    <message>
        <source>The library {0} cannot be opened ({1}).</source>
        <translation>无法打开资料库 {0}（{1}）。</translation>
    </message>
    <message>
        <source>The library {0} cannot be opened for writing ({1}); check its disk and permissions.</source>
        <translation>无法以写入方式打开资料库 {0}（{1}）；请检查磁盘和权限。</translation>
    </message>
    <message>
        <source>The library {0} is damaged ({1}); close ReTaKe and mend it with: retake doctor --repair</source>
        <translation>资料库 {0} 已损坏（{1}）；请关闭 ReTaKe，并用以下命令修复：retake doctor --repair</translation>
    </message>
    <message>
        <source>The library {0} is open in another ReTaKe; close it, then repair.</source>
        <translation>资料库 {0} 已在另一个 ReTaKe 中打开；请先关闭它再修复。</translation>
    </message>
    <message>
        <source>The library {0} was made by a newer version of ReTaKe (version {1}, this one knows {2}); update ReTaKe to open it.</source>
        <translation>资料库 {0} 由更新版本的 ReTaKe 创建（版本 {1}，当前支持 {2}）；请更新 ReTaKe 后再打开。</translation>
    </message>
    <message>
        <source>The line is longer than {0} bytes.</source>
        <translation>这一行超过 {0} 字节。</translation>
    </message>
    <message>
        <source>The memory of this computer ran out. Ask with fewer frames, or close other programs.</source>
        <translation>本机内存已用完。请减少瞬间数再提问，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The memory of this video could not be saved: {0}.</source>
        <translation>无法保存这个视频的记忆：{0}。</translation>
    </message>
    <message>
        <source>The memory of this video is larger than the space set aside, so it is not kept.</source>
        <translation>这个视频的记忆超出了预留的空间，因此没有保存。</translation>
    </message>
    <message>
        <source>The memory of this video was damaged, so the video is read again.</source>
        <translation>这个视频的记忆已损坏，因此会重新观看视频。</translation>
    </message>
    <message>
        <source>The memory of this video was made by another model or with other settings, so the video is read again.</source>
        <translation>这个视频的记忆由另一个模型或其他设置产生，因此会重新观看视频。</translation>
    </message>
    <message>
        <source>The model began to repeat itself, so its answer was stopped.</source>
        <translation>模型开始重复自己，因此已停止其回答。</translation>
    </message>
    <message>
        <source>The model in {0} does not fit the graphics memory.</source>
        <translation>显存放不下 {0} 中的模型。</translation>
    </message>
    <message>
        <source>The model in {0} has no tokenizer: tokenizer.json is missing.</source>
        <translation>{0} 中的模型没有分词器：缺少 tokenizer.json。</translation>
    </message>
    <message>
        <source>The model in {0} has no vocabulary: vocabulary.json is missing.</source>
        <translation>{0} 中的模型没有词表：缺少 vocabulary.json。</translation>
    </message>
    <message>
        <source>The model in {0} has no {1}: {2} is missing.</source>
        <translation>{0} 中的模型没有 {1}：缺少 {2}。</translation>
    </message>
    <message>
        <source>The model in {0} is damaged or incomplete: {1}.</source>
        <translation>{0} 中的模型已损坏或不完整：{1}。</translation>
    </message>
    <message>
        <source>The model in {0} is damaged: its {1} is {2}.</source>
        <translation>{0} 中的模型已损坏：其 {1} 为 {2}。</translation>
    </message>
    <message>
        <source>The model in {0} is incomplete: {1} of {2} files of weights are missing, such as {3}.</source>
        <translation>{0} 中的模型不完整：{2} 个权重文件中缺少 {1} 个，例如 {3}。</translation>
    </message>
    <message>
        <source>The model in {0} needs weights as .safetensors, but {1}.</source>
        <translation>{0} 中的模型需要 .safetensors 格式的权重，但是 {1}。</translation>
    </message>
    <message>
        <source>The model in {0} was changed meanwhile; try again once it is complete.</source>
        <translation>{0} 中的模型在此期间被更改了；请在它完整后重试。</translation>
    </message>
    <message>
        <source>The model in {0} writes long thoughts before each answer, for which there is no room here; choose its Instruct version instead.</source>
        <translation>{0} 中的模型在每次回答前会写出很长的思考，这里没有空间容纳；请改用它的 Instruct 版本。</translation>
    </message>
    <message>
        <source>The model seems to lie one folder deeper: choose {0}.</source>
        <translation>模型似乎在下一层文件夹中：请选择 {0}。</translation>
    </message>
    <message>
        <source>The model that search uses was changed meanwhile; start ReTaKe anew.</source>
        <translation>搜索所用的模型在此期间已被更改；请重新启动 ReTaKe。</translation>
    </message>
    <message>
        <source>The model {0} cannot be loaded: {1}.</source>
        <translation>无法加载模型 {0}：{1}。</translation>
    </message>
    <message>
        <source>The model {0} is not on this computer. Get it with: retake models download {1}; or give the folder of a model that you have.</source>
        <translation>本机上没有模型 {0}。请在“模型”页下载，或运行：retake models download {1}；也可以选择已有模型的文件夹。</translation>
    </message>
    <message>
        <source>The model {0} is only partly here. Go on with: retake models download {1}</source>
        <translation>模型 {0} 只下载了一部分。请在“模型”页继续下载，或运行：retake models download {1}</translation>
    </message>
    <message>
        <source>The model {0} was changed meanwhile; try again once it is complete.</source>
        <translation>模型 {0} 在此期间被更改了；请在它完整后重试。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template leaves the video or the question out; get the model again.</source>
        <translation>模型的对话模板缺少视频或问题，请重新下载模型。</translation>
    </message>
    <message>
        <source>The name {0}… is too long to write; choose a shorter one.</source>
        <translation>名称 {0}… 太长，无法写入，请换一个短一些的。</translation>
    </message>
    <message>
        <source>The next search builds the index anew.</source>
        <translation>下次搜索时会重建索引。</translation>
    </message>
    <message>
        <source>The picture {0} cannot be read ({1}); choose another.</source>
        <translation>无法读取图片 {0}（{1}），请换一张。</translation>
    </message>
    <message>
        <source>The proxy does not answer; check its address in the settings.</source>
        <translation>代理没有响应，请检查设置中的代理地址。</translation>
    </message>
    <message>
        <source>The question is empty.</source>
        <translation>问题是空的。</translation>
    </message>
    <message>
        <source>The settings file {0} cannot be used: {1}. Mend it or delete it.</source>
        <translation>无法使用设置文件 {0}：{1}。请修正或删除它。</translation>
    </message>
    <message>
        <source>The settings file {0} cannot be written ({1}).</source>
        <translation>无法写入设置文件 {0}（{1}）。</translation>
    </message>
    <message>
        <source>The speech model cannot be used; choose another one, or download it again. The log tells why.</source>
        <translation>无法使用语音模型；请换一个，或重新下载。原因见日志。</translation>
    </message>
    <message>
        <source>The speech model in {0} cannot be read ({1}).</source>
        <translation>无法读取 {0} 中的语音模型（{1}）。</translation>
    </message>
    <message>
        <source>The speech model stopped twice while it listened; the rest of what is said is not found.</source>
        <translation>语音模型在识别时两次中断，其余的语音无法搜索到。</translation>
    </message>
    <message>
        <source>The subtitle file is damaged, or of an unknown kind.</source>
        <translation>字幕文件已损坏，或类型未知。</translation>
    </message>
    <message>
        <source>The subtitle file is in an unknown encoding.</source>
        <translation>字幕文件的编码未知。</translation>
    </message>
    <message>
        <source>The subtitle file is too large.</source>
        <translation>字幕文件太大。</translation>
    </message>
    <message>
        <source>The subtitles cannot be read: {0}.</source>
        <translation>无法读取字幕：{0}。</translation>
    </message>
    <message>
        <source>The text in its pictures cannot be read.</source>
        <translation>无法读取画面中的文字。</translation>
    </message>
    <message>
        <source>The text on screen of a part of it cannot be read: {0}</source>
        <translation>其中一部分的画面文字无法读取：{0}</translation>
    </message>
    <message>
        <source>The video has no frames that can be read.</source>
        <translation>视频中没有可以读取的画面。</translation>
    </message>
    <message>
        <source>The video is no longer in the library.</source>
        <translation>视频已不在资料库中。</translation>
    </message>
    <message>
        <source>The weights in {0} are damaged; get the model again.</source>
        <translation>{0} 中的权重已损坏，请重新下载模型。</translation>
    </message>
    <message>
        <source>The weights in {0} are incomplete; get the model again.</source>
        <translation>{0} 中的权重不完整，请重新下载模型。</translation>
    </message>
    <message>
        <source>The weights in {0} cannot be loaded: {1}.</source>
        <translation>无法加载 {0} 中的权重：{1}。</translation>
    </message>
    <message>
        <source>There is a file {0} already; choose another name.</source>
        <translation>已有文件 {0}，请换一个名称。</translation>
    </message>
    <message>
        <source>There is no face model named {0}. Use {1}, {2}, or {3}:&lt;folder&gt;.</source>
        <translation>没有名为 {0} 的人脸模型。请使用 {1}、{2} 或 {3}:&lt;文件夹&gt;。</translation>
    </message>
    <message>
        <source>There is no folder {0}.</source>
        <translation>没有文件夹 {0}。</translation>
    </message>
    <message>
        <source>There is no folder {0}; check the name.</source>
        <translation>没有文件夹 {0}，请检查名称。</translation>
    </message>
    <message>
        <source>There is no model in {0}: {1} is missing.</source>
        <translation>{0} 中没有模型：缺少 {1}。</translation>
    </message>
    <message>
        <source>There is no model {0} at {1}, or it is not open to you.</source>
        <translation>{1} 上没有模型 {0}，或者您无权访问。</translation>
    </message>
    <message>
        <source>There is no note {0}; `retake note` lists the notes.</source>
        <translation>没有笔记 {0}；`retake note` 会列出笔记。</translation>
    </message>
    <message>
        <source>There is no sound track {0} in this video; {1}.</source>
        <translation>这个视频没有音轨 {0}；{1}。</translation>
    </message>
    <message>
        <source>There is no speech model in {0}: {1} is missing.</source>
        <translation>{0} 中没有语音模型：缺少 {1}。</translation>
    </message>
    <message>
        <source>There is no such answer in the history; ask a question first, or give another number.</source>
        <translation>历史记录中没有这个回答；请先提问，或换一个编号。</translation>
    </message>
    <message>
        <source>There is none yet.</source>
        <translation>还没有。</translation>
    </message>
    <message>
        <source>There is nothing to draw: no keyframes yet; run: retake index</source>
        <translation>没有可绘制的内容：还没有关键帧；请运行：retake index</translation>
    </message>
    <message>
        <source>There is nothing to write: no keyframes yet, or no moments. Index the video first.</source>
        <translation>没有可写入的内容：还没有关键帧或瞬间。请先为视频建立索引。</translation>
    </message>
    <message>
        <source>They can be read.</source>
        <translation>可以读取。</translation>
    </message>
    <message>
        <source>This computer describes alone: {0}</source>
        <translation>本机独自描述：{0}</translation>
    </message>
    <message>
        <source>{0} has another model for this pass; install the same on both.</source>
        <translation>{0} 上这一步用的是另一个模型；请在两台电脑上安装相同的模型。</translation>
    </message>
    <message>
        <source>{0} is gone; its video is described anew.</source>
        <translation>{0} 已离开，它的视频会重新描述。</translation>
    </message>
    <message>
        <source>{0} neither listens nor answers, nor knows faces; see: retake models list</source>
        <translation>{0} 既不用于听写或回答，也不用于识别人脸；参见：retake models list</translation>
    </message>
    <message>
        <source>{0}: get one with: retake models download {1}</source>
        <translation>{0}：用此命令获取一个：retake models download {1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>They are put in order of time.</source>
        <translation>已按时间排序。</translation>
    </message>
    <message>
        <source>This computer answers: {0}</source>
        <translation>由本机回答：{0}</translation>
    </message>
    <message>
        <source>This computer has an NVIDIA graphics card, but its driver is missing or too old for this PyTorch. On Debian or Ubuntu, run: sudo apt install nvidia-driver</source>
        <translation>本机有 NVIDIA 显卡，但缺少驱动，或驱动对当前的 PyTorch 来说太旧。在 Debian 或 Ubuntu 上请运行：sudo apt install nvidia-driver</translation>
    </message>
    <message>
        <source>This computer has an NVIDIA graphics card, but the PyTorch that is installed runs on the processor only. Run: {0}</source>
        <translation>本机有 NVIDIA 显卡，但已安装的 PyTorch 只能在处理器上运行。请运行：{0}</translation>
    </message>
    <message>
        <source>This computer has an NVIDIA graphics card, but this package of ReTaKe runs on the processor only. Install the one for NVIDIA cards.</source>
        <translation>本机有 NVIDIA 显卡，但这个 ReTaKe 安装包只能在处理器上运行。请安装适用于 NVIDIA 显卡的版本。</translation>
    </message>
    <message>
        <source>This model needs about {0}, and {1} are free. Close other programs, or choose a smaller model.</source>
        <translation>这个模型大约需要 {0}，而可用的只有 {1}。请关闭其他程序，或选择较小的模型。</translation>
    </message>
    <message>
        <source>This setting cannot be used: {0}.</source>
        <translation>无法使用这项设置：{0}。</translation>
    </message>
    <message>
        <source>This video has no keyframes yet; wait until it has been indexed.</source>
        <translation>这个视频还没有关键帧，请等索引完成。</translation>
    </message>
    <message>
        <source>Variable frame rate: frames come at odd times and are counted at {0} a second.</source>
        <translation>可变帧率：帧的间隔不固定，按每秒 {0} 帧计算。</translation>
    </message>
    <message>
        <source>What begins after the end of the recording is left out.</source>
        <translation>开始于视频结束之后的内容已略去。</translation>
    </message>
    <message>
        <source>What reads text on screen crashes on this computer. Install it again: {0}</source>
        <translation>读取画面文字的组件在本机上会崩溃。请重新安装：{0}</translation>
    </message>
    <message>
        <source>What reads text on screen does not run ({0}); install it again with: {1} --force-reinstall</source>
        <translation>读取画面文字的组件无法运行（{0}）；请用以下命令重新安装：{1} --force-reinstall</translation>
    </message>
    <message>
        <source>What the player needs of it could not be stored: {0}.</source>
        <translation>无法保存播放器所需的内容：{0}。</translation>
    </message>
    <message>
        <source>You have no permission to read it.</source>
        <translation>您没有读取它的权限。</translation>
    </message>
    <message>
        <source>{0} Indexing goes on by itself.</source>
        <translation>{0}索引会自动继续。</translation>
    </message>
    <message>
        <source>{0} Install the package of ReTaKe for the processor.</source>
        <translation>{0}请安装在处理器上运行的 ReTaKe 版本。</translation>
    </message>
    <message>
        <source>{0} Mend it with: retake doctor --repair</source>
        <translation>{0}请用以下命令修复：retake doctor --repair</translation>
    </message>
    <message>
        <source>{0} Models cannot run on it.</source>
        <translation>{0}模型无法在它上面运行。</translation>
    </message>
    <message>
        <source>{0} Or choose another precision in the settings.</source>
        <translation>{0}或者在设置中选择其他精度。</translation>
    </message>
    <message>
        <source>{0} Run: {1} --index-url {2}</source>
        <translation>{0}请运行：{1} --index-url {2}</translation>
    </message>
    <message>
        <source>{0} and {1} lie in one another; choose another folder.</source>
        <translation>{0} 与 {1} 互相包含；请选择其他文件夹。</translation>
    </message>
    <message>
        <source>{0} answered with error {1}; try again later, or use a mirror.</source>
        <translation>{0} 返回了错误 {1}；请稍后再试，或使用镜像。</translation>
    </message>
    <message>
        <source>{0} are known to the new encoder by their thumbnails only; go on with: retake index</source>
        <translation>新编码器只通过缩略图了解了 {0}；请继续运行：retake index</translation>
    </message>
    <message>
        <source>{0} asks you to accept its licence: do so at {1}/{2}, then run hf auth login and try again.</source>
        <translation>{0} 要求您接受其许可协议：请在 {1}/{2} 接受，然后运行 hf auth login 再试。</translation>
    </message>
    <message>
        <source>{0} cannot be deleted ({1}), so nothing was removed.</source>
        <translation>无法删除 {0}（{1}），因此没有移除任何内容。</translation>
    </message>
    <message>
        <source>{0} cannot be deleted ({1}).</source>
        <translation>无法删除 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} cannot be deleted ({1}); close what uses it.</source>
        <translation>无法删除 {0}（{1}）；请关闭正在使用它的程序。</translation>
    </message>
    <message>
        <source>{0} cannot be reached. Check the connection, or name a mirror or a proxy; what was downloaded so far is kept.</source>
        <translation>无法连接 {0}。请检查网络，或设置镜像或代理；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}</source>
        <translation>无法读取 {0}：{1}</translation>
    </message>
    <message>
        <source>{0} cannot be renamed ({1}).</source>
        <translation>无法重命名 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} cannot be used ({1}); choose another folder.</source>
        <translation>无法使用 {0}（{1}）；请选择其他文件夹。</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}); choose another place.</source>
        <translation>无法写入 {0}（{1}），请选择其他位置。</translation>
    </message>
    <message>
        <source>{0} cannot be written to ({1}).</source>
        <translation>无法写入 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} cannot be written to ({1}); check its disk.</source>
        <translation>无法写入 {0}（{1}），请检查磁盘。</translation>
    </message>
    <message>
        <source>{0} cannot be written to ({1}); restore again.</source>
        <translation>无法写入 {0}（{1}），请重新恢复。</translation>
    </message>
    <message>
        <source>{0} cannot be written to; choose another place with --data-dir.</source>
        <translation>无法写入 {0}，请用 --data-dir 选择其他位置。</translation>
    </message>
    <message>
        <source>{0} cannot hold the library ({1}); choose another place with --data-dir.</source>
        <translation>{0} 无法存放资料库（{1}），请用 --data-dir 选择其他位置。</translation>
    </message>
    <message>
        <source>{0} could not be written: {1}. Choose another folder, or make room.</source>
        <translation>无法写入 {0}：{1}。请选择另一个文件夹，或腾出空间。</translation>
    </message>
    <message>
        <source>{0} does not hold what was written to it; that disk is not reliable.</source>
        <translation>{0} 中的内容与写入的不一致；该磁盘不可靠。</translation>
    </message>
    <message>
        <source>{0} does not let you have {1}: run hf auth login and try again.</source>
        <translation>{0} 不允许您下载 {1}：请运行 hf auth login 再试。</translation>
    </message>
    <message>
        <source>{0} does not say which format is meant; let it end in {1}.</source>
        <translation>从 {0} 看不出是什么格式；请以 {1} 结尾。</translation>
    </message>
    <message>
        <source>{0} ends before that; it is {1} s long.</source>
        <translation>{0} 没有那么长，它只有 {1} 秒。</translation>
    </message>
    <message>
        <source>{0} exists already; choose another name, or say that it may be replaced.</source>
        <translation>{0} 已存在；请换一个名称，或允许替换它。</translation>
    </message>
    <message>
        <source>{0} files ({1}) {2}.</source>
        <translation>{0} 个文件（{1}）{2}。</translation>
    </message>
    <message>
        <source>{0} has a damaged header</source>
        <translation>{0} 的文件头已损坏</translation>
    </message>
    <message>
        <source>{0} has another {1} than the one that works here; use another mirror, or a newer version of ReTaKe.</source>
        <translation>{0} 上的 {1} 不是此处可用的文件。请使用其他镜像或更新版本的 ReTaKe。</translation>
    </message>
    <message>
        <source>{0} has changed since it was indexed; run: retake index</source>
        <translation>{0} 在建立索引后有改动；请运行：retake index</translation>
    </message>
    <message>
        <source>{0} has no weights as .safetensors, the only format that is safe to load.</source>
        <translation>{0} 没有 .safetensors 格式的权重，而只有这种格式可以安全加载。</translation>
    </message>
    <message>
        <source>{0} has stopped answering; ask again.</source>
        <translation>{0} 已停止回答；请再问一次。</translation>
    </message>
    <message>
        <source>{0} has the shape {1}, and not {2}</source>
        <translation>{0} 的形状是 {1}，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} holds a GGUF model; get the one as safetensors, with a {1}.</source>
        <translation>{0} 中是 GGUF 模型；请下载带有 {1} 的 safetensors 版本。</translation>
    </message>
    <message>
        <source>{0} holds no chapters: a line for each, such as “1:30 The cake”, or what `retake chapters --json` prints. Nothing was changed.</source>
        <translation>{0} 中没有章节：应为每个章节一行，例如“1:30 切蛋糕”，或 `retake chapters --json` 输出的内容。没有任何更改。</translation>
    </message>
    <message>
        <source>{0} is a file, and the pictures belong there; choose another name.</source>
        <translation>{0} 是一个文件，而图片需要放在那里；请换一个名称。</translation>
    </message>
    <message>
        <source>{0} is a folder; give the name of a file.</source>
        <translation>{0} 是文件夹，请给出文件名。</translation>
    </message>
    <message>
        <source>{0} is being downloaded already.</source>
        <translation>{0} 已在下载中。</translation>
    </message>
    <message>
        <source>{0} is cut short: {1} of {2} are there.</source>
        <translation>{0} 不完整：只有 {1} / {2}。</translation>
    </message>
    <message>
        <source>{0} is damaged or cut short; get it again.</source>
        <translation>{0} 已损坏或不完整，请重新下载。</translation>
    </message>
    <message>
        <source>{0} is damaged; get it again.</source>
        <translation>{0} 已损坏，请重新下载。</translation>
    </message>
    <message>
        <source>{0} is damaged; get the model again.</source>
        <translation>{0} 已损坏，请重新下载模型。</translation>
    </message>
    <message>
        <source>{0} is left out: it is not there now, or has changed since it was indexed.</source>
        <translation>{0} 被略去：它目前不在，或在建立索引后有改动。</translation>
    </message>
    <message>
        <source>{0} is no backup of ReTaKe.</source>
        <translation>{0} 不是 ReTaKe 的备份。</translation>
    </message>
    <message>
        <source>{0} is no date of a recording; write it as 2019, 2019-07-14 or 2019-07-14T15:30.</source>
        <translation>{0} 不是有效的录制日期；请写成 2019、2019-07-14 或 2019-07-14T15:30。</translation>
    </message>
    <message>
        <source>{0} is no folder of the library.</source>
        <translation>{0} 不是资料库中的文件夹。</translation>
    </message>
    <message>
        <source>{0} is no size; write it as 20GB or 500MB.</source>
        <translation>{0} 不是有效的大小；请写成 20GB 或 500MB。</translation>
    </message>
    <message>
        <source>{0} is no video that ReTaKe knows; add videos, or folders of them.</source>
        <translation>{0} 不是 ReTaKe 支持的视频；请添加视频或视频文件夹。</translation>
    </message>
    <message>
        <source>{0} is not a picture that can be read; take a JPEG or PNG file.</source>
        <translation>{0} 不是可以读取的图片；请使用 JPEG 或 PNG 文件。</translation>
    </message>
    <message>
        <source>{0} is not empty; choose an empty folder, or a new one.</source>
        <translation>{0} 不是空文件夹；请选择空文件夹或新文件夹。</translation>
    </message>
    <message>
        <source>{0} is not indexed yet; run: retake index</source>
        <translation>{0} 还没有索引；请运行：retake index</translation>
    </message>
    <message>
        <source>{0} is not on this computer.</source>
        <translation>{0} 不在本机上。</translation>
    </message>
    <message>
        <source>{0} is not on this computer; get it with: retake models download {1}</source>
        <translation>{0} 不在本机上；请运行：retake models download {1}</translation>
    </message>
    <message>
        <source>{0} is not there now; connect its drive, or run: retake index</source>
        <translation>{0} 目前不在；请接上所在的磁盘，或运行：retake index</translation>
    </message>
    <message>
        <source>{0} is not there now; connect its drive.</source>
        <translation>{0} 目前不在，请接上所在的磁盘。</translation>
    </message>
    <message>
        <source>{0} is sound.</source>
        <translation>{0} 完好。</translation>
    </message>
    <message>
        <source>{0} is the recording itself, which is never touched; choose another name.</source>
        <translation>{0} 就是录像本身，绝不会被改动；请换一个名称。</translation>
    </message>
    <message>
        <source>{0} is there, and the next run would index it again; delete the file, or remove its folder from the library.</source>
        <translation>{0} 仍在，下次会再次为它建立索引；请删除文件，或从资料库移除它的文件夹。</translation>
    </message>
    <message>
        <source>{0} is too new for the installed PyTorch {1}. Run: {2}</source>
        <translation>{0} 对已安装的 PyTorch {1} 来说太新。请运行：{2}</translation>
    </message>
    <message>
        <source>{0} is too old for the installed PyTorch {1}, which needs {2} or more.</source>
        <translation>{0} 对已安装的 PyTorch {1} 来说太旧，它需要 {2} 或更高。</translation>
    </message>
    <message>
        <source>{0} is {1}, which does not work here; these do: {2}.</source>
        <translation>{0} 是 {1}，在这里无法使用；可以使用的有：{2}。</translation>
    </message>
    <message>
        <source>{0} keeps damaged files ({1}); delete it when all is well.</source>
        <translation>{0} 中保存着损坏的文件（{1}）；确认一切正常后可以删除。</translation>
    </message>
    <message>
        <source>{0} needs {1} more, and {2} are free in {3}. Make room there, or set HF_HOME to another disk.</source>
        <translation>{0} 还需要 {1}，而 {3} 中只有 {2} 可用空间。请在那里腾出空间，或把 HF_HOME 设到另一块磁盘。</translation>
    </message>
    <message>
        <source>{0} of {1} arrived damaged twice; try again later, or use another mirror.</source>
        <translation>{1} 的 {0} 两次下载都已损坏；请稍后再试，或使用其他镜像。</translation>
    </message>
    <message>
        <source>{0} requests are open.</source>
        <translation>有 {0} 个请求尚未完成。</translation>
    </message>
    <message>
        <source>{0} videos are called {1} ({2}); give the whole path.</source>
        <translation>有 {0} 个视频名为 {1}（{2}）；请给出完整路径。</translation>
    </message>
    <message>
        <source>{0} was not downloaded by ReTaKe; delete it with the program that brought it.</source>
        <translation>{0} 不是由 ReTaKe 下载的；请用下载它的程序删除。</translation>
    </message>
    <message>
        <source>None of these videos is indexed yet; let them be indexed, and ask again.</source>
        <translation>所选视频都尚未建立索引；请等索引完成后再提问。</translation>
    </message>
    <message>
        <source>Chapters that have no time before the next one are left out.</source>
        <translation>与下一章节之间没有时间的章节已略去。</translation>
    </message>
    <message>
        <source>Chapters are cut where the next one or the end comes.</source>
        <translation>章节在下一章节或视频结束处截断。</translation>
    </message>
    <message>
        <source>One of these videos is no longer in the library; select the others and ask again.</source>
        <translation>所选视频中有一个已不在资料库中；请选择其余视频后重新提问。</translation>
    </message>
    <message>
        <source>The demo model knows only clips of coloured shapes.</source>
        <translation>演示模型只认识彩色图形的短片。</translation>
    </message>
    <message>
        <source>A name is a word or some, of {0} characters at most; no number, no quotation mark.</source>
        <translation>名字由一个或几个词组成，最多 {0} 个字符；不能是数字，也不能有引号。</translation>
    </message>
    <message>
        <source>No face of this person is there; `retake people` tells where each is seen.</source>
        <translation>那里没有此人的人脸；`retake people` 会列出每个人出现的位置。</translation>
    </message>
    <message>
        <source>No faces can be found; install what finds them with: {0}</source>
        <translation>无法查找人脸；请用以下命令安装所需组件：{0}</translation>
    </message>
    <message>
        <source>Nobody is called {0}; `retake people` lists all with their numbers.</source>
        <translation>没有名为 {0} 的人；`retake people` 会列出所有人及其编号。</translation>
    </message>
    <message>
        <source>That would be all faces of this person; give the person another name instead.</source>
        <translation>那将是此人的全部人脸；请改为给此人换个名字。</translation>
    </message>
    <message>
        <source>The face model in {0} is damaged, incomplete or of another version; install it again with: {1} --force-reinstall</source>
        <translation>{0} 中的人脸模型已损坏、不完整或版本不同；请用以下命令重新安装：{1} --force-reinstall</translation>
    </message>
    <message>
        <source>The faces in a part of it cannot be found: {0}</source>
        <translation>无法查找其中一部分的人脸：{0}</translation>
    </message>
    <message>
        <source>The folder {0} of the face model does not exist; name it anew.</source>
        <translation>人脸模型的文件夹 {0} 不存在；请重新指定。</translation>
    </message>
    <message>
        <source>This face model needs onnxruntime; install it with: pip install &apos;retake-desktop[faces]&apos;</source>
        <translation>此人脸模型需要 onnxruntime；请用以下命令安装：pip install &apos;retake-desktop[faces]&apos;</translation>
    </message>
    <message>
        <source>What finds faces crashes on this computer ({0}); install it again.</source>
        <translation>人脸查找组件在这台计算机上崩溃（{0}）；请重新安装。</translation>
    </message>
    <message>
        <source>What finds faces does not run ({0}); install it again with: {1} --force-reinstall</source>
        <translation>人脸查找组件无法运行（{0}）；请用以下命令重新安装：{1} --force-reinstall</translation>
    </message>
    <message>
        <source>{0} is the name of person {1}; give another one, or make the two one person by merging them.</source>
        <translation>{0} 已是第 {1} 号人物的名字；请另取一个名字，或把两者合并为一人。</translation>
    </message>
    <message>
        <source>Only a question about one video gets a thorough answer; this one is answered as usual.</source>
        <translation>只有针对单个视频的问题才能深入回答；此问题按通常方式回答。</translation>
    </message>
    <message>
        <source>The graphics memory is too small for a second look, so this is the first answer.</source>
        <translation>显存不足以再次观看，因此这是初步回答。</translation>
    </message>
    <message>
        <source>The graphics memory ran out, so frames are read at {0} pixels.</source>
        <translation>显存不足，因此改用 {0} 像素的画面观看。</translation>
    </message>
    <message>
        <source>There was nothing to look at again, so this is the first answer.</source>
        <translation>没有可以再次观看的内容，因此这是初步回答。</translation>
    </message>
    <message>
        <source>This video cannot be looked at more closely now, so it is answered at first sight.</source>
        <translation>现在无法更仔细地观看此视频，因此按首次观看的内容回答。</translation>
    </message>
    <message>
        <source>No model for questions is chosen, so nothing is described; choose one in the preferences.</source>
        <translation>尚未选择回答问题的模型，因此不会进行描述；请在首选项中选择一个。</translation>
    </message>
    <message>
        <source>The memory ran out while it was described; close other programs and retry, or use a smaller model.</source>
        <translation>描述时内存已用完；请关闭其他程序后重试，或使用更小的模型。</translation>
    </message>
    <message>
        <source>The memory ran out, so that nothing is described; close other programs, or choose a smaller model.</source>
        <translation>内存已用完，因此未进行描述；请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <source>The model cannot write descriptions: its vocabulary lacks what they are made of. Choose another model.</source>
        <translation>该模型无法撰写描述：其词表缺少所需的内容。请选择其他模型。</translation>
    </message>
    <message>
        <source>The model said nothing that can be used; retry, or choose another model.</source>
        <translation>模型没有给出可用的内容；请重试，或选择其他模型。</translation>
    </message>
    <message>
        <source>The second look did not bear out its own answer, so this is the first answer.</source>
        <translation>再次观看并未证实新的回答，因此这是初步回答。</translation>
    </message>
    <message>
        <source>It fails on this kind of video.</source>
        <translation>它无法解码这类视频。</translation>
    </message>
    <message>
        <source>Its driver crashes.</source>
        <translation>它的驱动程序崩溃了。</translation>
    </message>
    <message>
        <source>Its frames come at other times than they should.</source>
        <translation>它给出的画面时间不对。</translation>
    </message>
    <message>
        <source>Its pictures are not what they should be.</source>
        <translation>它解码出的画面不对。</translation>
    </message>
    <message>
        <source>The driver crashed or hung.</source>
        <translation>驱动程序崩溃或没有响应。</translation>
    </message>
    <message>
        <source>The graphics card does not decode its format.</source>
        <translation>显卡无法解码它的格式。</translation>
    </message>
    <message>
        <source>There is no such card, or its driver does not work ({0}).</source>
        <translation>没有这样的显卡，或者它的驱动程序不能工作（{0}）。</translation>
    </message>
    <message>
        <source>This build of PyAV does not know it.</source>
        <translation>这一版 PyAV 不支持它。</translation>
    </message>
    <message>
        <source>The tokenizer of {0} is that of another model; get it again.</source>
        <translation>{0} 的分词器属于另一个模型；请重新获取该模型。</translation>
    </message>
    <message>
        <source>{0} is a model of type {1}, and not {2}; run: retake models use {3}</source>
        <translation>{0} 是 {1} 类型的模型，而不是 {2}；请运行：retake models use {3}</translation>
    </message>
    <message>
        <source>There is no encoder named {0}. Use builtin, or one of {1} with a folder or model id behind it.</source>
        <translation>没有名为 {0} 的编码器。请使用 builtin，或在 {1} 之一后面加上文件夹或模型编号。</translation>
    </message>
    <message>
        <source>{0} ends at {1}, before the first chapter begins. Nothing was changed.</source>
        <translation>{0} 在 {1} 结束，早于第一个章节的开始。未作任何更改。</translation>
    </message>
    <message>
        <source>The model in {0} cannot be loaded: {1}.</source>
        <translation>无法加载 {0} 中的模型：{1}。</translation>
    </message>
    <message>
        <source>The model in {0} cannot be read ({1}).</source>
        <translation>无法读取 {0} 中的模型（{1}）。</translation>
    </message>
    <message>
        <source>The model in {0} does not embed sentences.</source>
        <translation>{0} 中的模型不能为句子生成向量。</translation>
    </message>
    <message>
        <source>The model in {0} has another activation than GELU.</source>
        <translation>{0} 中的模型使用了 GELU 以外的激活函数。</translation>
    </message>
    <message>
        <source>The model in {0} has no tokenizer: {1} is missing.</source>
        <translation>{0} 中的模型没有分词器：缺少 {1}。</translation>
    </message>
    <message>
        <source>The model in {0} joins the words of a sentence otherwise than by their mean.</source>
        <translation>{0} 中的模型不是以平均值合并句子中的词。</translation>
    </message>
    <message>
        <source>No computer is called {0}; write its address in numbers.</source>
        <translation>没有名为 {0} 的电脑，请用数字写出地址。</translation>
    </message>
    <message>
        <source>No computer of the cluster at {0} can be used now: {1}</source>
        <translation>集群 {0} 中目前没有可用的电脑：{1}</translation>
    </message>
    <message>
        <source>No computer of the cluster at {0} offers a core; run: retake cluster join</source>
        <translation>集群 {0} 中没有电脑提供核心，请运行：retake cluster join</translation>
    </message>
    <message>
        <source>No computer of the cluster sees this file; on one that does, run: retake cluster join --path</source>
        <translation>集群中没有电脑能看到此文件；请在能看到它的电脑上运行：retake cluster join --path</translation>
    </message>
    <message>
        <source>On {0}, Ray runs without ReTaKe; join from there with: retake cluster join</source>
        <translation>{0} 上的 Ray 没有 ReTaKe，请在那里用此命令加入：retake cluster join</translation>
    </message>
    <message>
        <source>Something listens at {0} already; name another port: --at {1}:PORT</source>
        <translation>{0} 已被占用，请指定另一个端口：--at {1}:PORT</translation>
    </message>
    <message>
        <source>The cluster at {0} asks nobody for a token, so that anyone may look into your files; start it with: retake cluster start</source>
        <translation>集群 {0} 不要求令牌，任何人都可能看到您的文件，请用此命令启动它：retake cluster start</translation>
    </message>
    <message>
        <source>The cluster at {0} cannot be used: {1}.</source>
        <translation>无法使用集群 {0}：{1}。</translation>
    </message>
    <message>
        <source>The cluster at {0} does not encrypt what travels; start it with cert.pem, key.pem and ca.pem beside its token, or take those of this computer away.</source>
        <translation>集群 {0} 不加密传输内容；请在其令牌旁放好 cert.pem、key.pem 和 ca.pem 再启动，或移走本机的这些文件。</translation>
    </message>
    <message>
        <source>The cluster at {0} does not know the token of this computer; copy the file that “retake cluster start” named.</source>
        <translation>集群 {0} 不认识本机的令牌，请复制“retake cluster start”所指的文件。</translation>
    </message>
    <message>
        <source>The cluster at {0} encrypts what travels; put this computer’s cert.pem, key.pem and ca.pem beside its token.</source>
        <translation>集群 {0} 加密传输内容，请把本机的 cert.pem、key.pem 和 ca.pem 放在令牌旁。</translation>
    </message>
    <message>
        <source>The cluster at {0} has ended, or cannot be reached any more.</source>
        <translation>集群 {0} 已结束，或已无法连接。</translation>
    </message>
    <message>
        <source>The cluster at {0} runs Ray {1} on Python {2}, this computer Ray {3} on Python {4}; install the same versions on both.</source>
        <translation>集群 {0} 使用 Ray {1} 和 Python {2}，本机使用 Ray {3} 和 Python {4}，请在两边安装相同的版本。</translation>
    </message>
    <message>
        <source>The folder {0} does not exist on this computer; write --path HERE=THERE</source>
        <translation>本机没有文件夹 {0}，请写成 --path 本机文件夹=对方文件夹</translation>
    </message>
    <message>
        <source>The token {0} cannot be written ({1}).</source>
        <translation>无法写入令牌 {0}（{1}）。</translation>
    </message>
    <message>
        <source>There is no cluster at {0}; start one on that computer with: retake cluster start</source>
        <translation>{0} 处没有集群，请在那台电脑上启动：retake cluster start</translation>
    </message>
    <message>
        <source>There is no token here: copy the file that “retake cluster start” named, as {0}</source>
        <translation>这里没有令牌：请把“retake cluster start”所指的文件复制为 {0}</translation>
    </message>
    <message>
        <source>This computer indexes alone: {0}</source>
        <translation>本机独自建立索引：{0}</translation>
    </message>
    <message>
        <source>This is no token: it is one word, in the file that “retake cluster start” names.</source>
        <translation>这不是令牌：令牌是一个词，在“retake cluster start”所指的文件中。</translation>
    </message>
    <message>
        <source>This program works on one computer alone; to use others, install ReTaKe with: pip install &apos;retake-desktop[cluster]&apos;</source>
        <translation>此程序只在一台电脑上工作；要使用其他电脑，请这样安装 ReTaKe：pip install &apos;retake-desktop[cluster]&apos;</translation>
    </message>
    <message>
        <source>Working on other computers is not installed; add it with: pip install &apos;retake-desktop[cluster]&apos;</source>
        <translation>未安装在其他电脑上工作的组件，请添加：pip install &apos;retake-desktop[cluster]&apos;</translation>
    </message>
    <message>
        <source>{0} cannot be reached from this computer ({1}).</source>
        <translation>从本机无法连接 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}).</source>
        <translation>无法读取 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} did not get ready in time: it works for another library, or is stuck.</source>
        <translation>{0} 未能及时就绪：它正在为另一个资料库工作，或已卡住。</translation>
    </message>
    <message>
        <source>{0} does not answer.</source>
        <translation>{0} 没有回应。</translation>
    </message>
    <message>
        <source>{0} has ReTaKe {1}, this computer {2}; install the same on both.</source>
        <translation>{0} 上是 ReTaKe {1}，本机是 {2}，请在两边安装相同的版本。</translation>
    </message>
    <message>
        <source>{0} has another version of the model for search; install the same on both.</source>
        <translation>{0} 上的搜索模型版本不同，请在两边安装相同的版本。</translation>
    </message>
    <message>
        <source>{0} is gone; other computers take up its videos where it left them.</source>
        <translation>{0} 已离开，其他电脑会接着处理它的视频。</translation>
    </message>
    <message>
        <source>{0} is no address of a cluster; write it as 192.168.1.20:{1}.</source>
        <translation>{0} 不是集群地址，请写成 192.168.1.20:{1}。</translation>
    </message>
    <message>
        <source>{0} is no address of one computer; write it as 192.168.1.20:{1}.</source>
        <translation>{0} 不是一台电脑的地址，请写成 192.168.1.20:{1}。</translation>
    </message>
    <message>
        <source>{0} is no pair of folders; write --path HERE=THERE, as /mnt/nas=/Volumes/nas</source>
        <translation>{0} 不是一对文件夹，请写成 --path 本机文件夹=对方文件夹，例如 /mnt/nas=/Volumes/nas</translation>
    </message>
    <message>
        <source>The weights of {0} are not those that its configuration describes; get it again.</source>
        <translation>{0} 的权重与其配置所描述的不符；请重新获取。</translation>
    </message>
    <message>
        <source>{0} needs one more package; add it with: pip install &apos;retake-desktop[{1}]&apos;</source>
        <translation>{0} 还需要一个软件包；用此命令添加：pip install &apos;retake-desktop[{1}]&apos;</translation>
    </message>
    <message>
        <source>{0} reads texts with a model of its own, which works here only in the form of transformers.</source>
        <translation>{0} 用另一个模型读取文本；这样的模型在这里只能以 transformers 的形式使用。</translation>
    </message>
    <message>
        <source>{0} answers, as the model does not fit elsewhere: {1}</source>
        <translation>由 {0} 回答，因为模型在其他电脑上放不下：{1}</translation>
    </message>
    <message>
        <source>Damaged, or of no video in the library: {0}.</source>
        <translation>已损坏，或不属于资料库中的任何视频：{0}。</translation>
    </message>
    <message>
        <source>Deleted: {0}; the next question about a video makes one anew.</source>
        <translation>已删除：{0}；下次对视频提问时会重新生成。</translation>
    </message>
    <message>
        <source>Kept: {0} ({1}), the newest of {2}.</source>
        <translation>保留了 {0} 份（{1}），最新的来自 {2}。</translation>
    </message>
    <message>
        <source>Sound: {0}.</source>
        <translation>完好：{0}。</translation>
    </message>
    <message>
        <source>{0} describes, as the model does not fit elsewhere: {1}</source>
        <translation>{0} 进行描述，因为其他电脑容纳不下该模型：{1}</translation>
    </message>
    <message>
        <source>{0} is there again.</source>
        <translation>{0} 已恢复。</translation>
    </message>
</context>
<context>
    <name>export</name>
    <message>
        <source>An entry at 0:00 was added, because YouTube requires it.</source>
        <translation>按 YouTube 的要求，添加了 0:00 处的条目。</translation>
    </message>
    <message>
        <source>Answer as a page (HTML)</source>
        <translation>回答，网页 (HTML)</translation>
    </message>
    <message>
        <source>Answer as text with pictures (Markdown)</source>
        <translation>回答，带图片的文本 (Markdown)</translation>
    </message>
    <message>
        <source>Chapters for FFmpeg</source>
        <translation>FFmpeg 章节</translation>
    </message>
    <message>
        <source>Chapters for YouTube (text)</source>
        <translation>YouTube 章节列表（文本）</translation>
    </message>
    <message>
        <source>Chapters for web players (WebVTT)</source>
        <translation>网页播放器章节 (WebVTT)</translation>
    </message>
    <message>
        <source>Chapters under 10 s were joined to the one before: {count}. YouTube requires it.</source>
        <translation>按 YouTube 的要求，有 {count} 个不足 10 秒的章节并入了前一章。</translation>
    </message>
    <message>
        <source>Clip (MP4)</source>
        <translation>片段 (MP4)</translation>
    </message>
    <message>
        <source>Clip (Matroska)</source>
        <translation>片段 (Matroska)</translation>
    </message>
    <message>
        <source>Clip (QuickTime)</source>
        <translation>片段 (QuickTime)</translation>
    </message>
    <message>
        <source>Contact sheet, one picture (PNG)</source>
        <translation>缩略图总览，一张图片 (PNG)</translation>
    </message>
    <message>
        <source>Contact sheet, pages (PDF)</source>
        <translation>缩略图总览，多页 (PDF)</translation>
    </message>
    <message>
        <source>Editing programs do not support its frame rate; it was counted at {rate}.</source>
        <translation>剪辑软件不支持它的帧率，按 {rate} 计算。</translation>
    </message>
    <message>
        <source>Frame (JPEG)</source>
        <translation>画面 (JPEG)</translation>
    </message>
    <message>
        <source>Frame (PNG)</source>
        <translation>画面 (PNG)</translation>
    </message>
    <message>
        <source>It begins {seconds} s earlier, where the recording can be cut by copying.</source>
        <translation>它早 {seconds} 秒开始，那里可以直接复制剪切。</translation>
    </message>
    <message>
        <source>It was encoded again, because this recording cannot be cut by copying.</source>
        <translation>已重新编码，因为这段录像不能直接复制剪切。</translation>
    </message>
    <message>
        <source>Its high dynamic range was converted, so that every screen can show it.</source>
        <translation>高动态范围已转换为所有屏幕都能显示的效果。</translation>
    </message>
    <message>
        <source>Only the recording&apos;s first sound is in it.</source>
        <translation>只包含录像的第一条音轨。</translation>
    </message>
    <message>
        <source>Other streams of the recording are not in it.</source>
        <translation>不包含录像的其他数据流。</translation>
    </message>
    <message>
        <source>The first chapter starts at 0:00, {seconds} s early, because YouTube requires it.</source>
        <translation>按 YouTube 的要求，第一章提前 {seconds} 秒，从 0:00 开始。</translation>
    </message>
    <message>
        <source>The frames are not evenly spaced; they were counted at {rate} a second.</source>
        <translation>帧的间隔不固定，按每秒 {rate} 帧计算。</translation>
    </message>
    <message>
        <source>The recording&apos;s subtitles are not in it.</source>
        <translation>不包含录像的字幕。</translation>
    </message>
    <message>
        <source>The recordings differ in frame rate; the sequence counts at {rate}.</source>
        <translation>各录像帧率不同，序列按 {rate} 计算。</translation>
    </message>
    <message>
        <source>Time codes skip some numbers (drop frame), to keep in step with the clock.</source>
        <translation>时间码跳过一些编号（丢帧），以便与时钟一致。</translation>
    </message>
    <message>
        <source>Timeline (OpenTimelineIO)</source>
        <translation>时间线 (OpenTimelineIO)</translation>
    </message>
    <message>
        <source>Timeline for Final Cut Pro and DaVinci Resolve (FCPXML)</source>
        <translation>Final Cut Pro 与 DaVinci Resolve 时间线 (FCPXML)</translation>
    </message>
    <message>
        <source>Timeline for any editing program (EDL)</source>
        <translation>各种剪辑软件的时间线 (EDL)</translation>
    </message>
    <message>
        <source>What is said, as subtitles (SRT)</source>
        <translation>所说的话，字幕 (SRT)</translation>
    </message>
    <message>
        <source>What is said, as subtitles (WebVTT)</source>
        <translation>所说的话，字幕 (WebVTT)</translation>
    </message>
    <message>
        <source>What is said, as text</source>
        <translation>所说的话，文本</translation>
    </message>
    <message>
        <source>YouTube shows no chapters, because fewer than three last 10 s.</source>
        <translation>够 10 秒的章节少于三个，YouTube 不会显示。</translation>
    </message>
    <message>
        <source>{count} moments were left out; their videos are gone.</source>
        <translation>略去了 {count} 个瞬间，它们的视频已不在。</translation>
    </message>
</context>
<context>
    <name>filters</name>
    <message>
        <source>1 star or more</source>
        <translation>至少 1 星</translation>
    </message>
    <message>
        <source>5 stars</source>
        <translation>5 星</translation>
    </message>
    <message>
        <source>Before {date}</source>
        <translation>{date} 之前</translation>
    </message>
    <message>
        <source>Exactly “{value}”</source>
        <translation>确切包含“{value}”</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Fewer than {count} stars</source>
        <translation>少于 {count} 星</translation>
    </message>
    <message>
        <source>Films of live photos</source>
        <translation>实况照片的视频</translation>
    </message>
    <message>
        <source>Hidden videos</source>
        <translation>已隐藏的视频</translation>
    </message>
    <message>
        <source>In folder {value}</source>
        <translation>在文件夹 {value} 中</translation>
    </message>
    <message>
        <source>Longer than {length}</source>
        <translation>长于 {length}</translation>
    </message>
    <message>
        <source>No favourites</source>
        <translation>不含收藏</translation>
    </message>
    <message>
        <source>No films of live photos</source>
        <translation>不含实况照片的视频</translation>
    </message>
    <message>
        <source>No stars</source>
        <translation>没有星级</translation>
    </message>
    <message>
        <source>No {value} files</source>
        <translation>排除 {value} 文件</translation>
    </message>
    <message>
        <source>Not by {value}</source>
        <translation>不按{value}</translation>
    </message>
    <message>
        <source>Not hidden</source>
        <translation>未隐藏</translation>
    </message>
    <message>
        <source>Not in folder {value}</source>
        <translation>不在文件夹 {value} 中</translation>
    </message>
    <message>
        <source>Not on screen: “{value}”</source>
        <translation>屏幕上没有：“{value}”</translation>
    </message>
    <message>
        <source>Not said: “{value}”</source>
        <translation>没有说：“{value}”</translation>
    </message>
    <message>
        <source>Not tagged “{value}”</source>
        <translation>没有标签“{value}”</translation>
    </message>
    <message>
        <source>Note has “{value}”</source>
        <translation>笔记含有“{value}”</translation>
    </message>
    <message>
        <source>Note without “{value}”</source>
        <translation>笔记不含“{value}”</translation>
    </message>
    <message>
        <source>On screen: “{value}”</source>
        <translation>屏幕上：“{value}”</translation>
    </message>
    <message>
        <source>Only by {value}</source>
        <translation>仅按{value}</translation>
    </message>
    <message>
        <source>Only {value} files</source>
        <translation>仅 {value} 文件</translation>
    </message>
    <message>
        <source>Said: “{value}”</source>
        <translation>说过：“{value}”</translation>
    </message>
    <message>
        <source>Shorter than {length}</source>
        <translation>短于 {length}</translation>
    </message>
    <message>
        <source>Since {date}</source>
        <translation>{date} 起</translation>
    </message>
    <message>
        <source>Tagged “{value}”</source>
        <translation>标签为“{value}”</translation>
    </message>
    <message>
        <source>Title has “{value}”</source>
        <translation>标题含“{value}”</translation>
    </message>
    <message>
        <source>Title without “{value}”</source>
        <translation>标题不含“{value}”</translation>
    </message>
    <message>
        <source>Without {value}</source>
        <translation>不含 {value}</translation>
    </message>
    <message>
        <source>Without “{value}”</source>
        <translation>不含“{value}”</translation>
    </message>
    <message>
        <source>a note</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>a summary, or a sentence about a chapter</source>
        <translation>摘要，或关于章节的一句话</translation>
    </message>
    <message>
        <source>text on screen</source>
        <translation>屏幕文字</translation>
    </message>
    <message>
        <source>the name of a chapter</source>
        <translation>章节名称</translation>
    </message>
    <message>
        <source>the picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>the title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>what is said</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count} 小时</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} 分钟</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{count} stars or more</source>
        <translation>至少 {count} 星</translation>
    </message>
    <message>
        <source>“{name}:” is not a filter, so it is searched for as a word.</source>
        <translation>“{name}:”不是筛选条件，因此作为普通词语搜索。</translation>
    </message>
    <message>
        <source>“{name}:” needs a date such as 2023, 2023-05 or 2023-05-17.</source>
        <translation>“{name}:”后面需要日期，例如 2023、2023-05 或 2023-05-17。</translation>
    </message>
    <message>
        <source>“{name}:” needs a length such as 90s, 10m or 1h30m.</source>
        <translation>“{name}:”后面需要时长，例如 90s、10m 或 1h30m。</translation>
    </message>
    <message>
        <source>“{name}:” needs a number from 1 to 5.</source>
        <translation>“{name}:”后面需要 1 到 5 之间的数字。</translation>
    </message>
    <message>
        <source>“{name}:” needs a word after the colon.</source>
        <translation>“{name}:”的冒号后需要一个词。</translation>
    </message>
    <message>
        <source>“{name}:” needs favourite, hidden or live.</source>
        <translation>“{name}:”后面需要 favourite、hidden 或 live。</translation>
    </message>
    <message>
        <source>“{name}:” needs picture, said, screen, title, chapter, described, note or person.</source>
        <translation>“{name}:”后面需要 picture、said、screen、title、chapter、described、note 或 person。</translation>
    </message>
    <message>
        <source>Fewer than {count} people</source>
        <translation>少于 {count} 人</translation>
    </message>
    <message>
        <source>Nobody is seen</source>
        <translation>没有人出现</translation>
    </message>
    <message>
        <source>Somebody is seen</source>
        <translation>有人出现</translation>
    </message>
    <message>
        <source>With {value}</source>
        <translation>有 {value}</translation>
    </message>
    <message>
        <source>who is seen</source>
        <translation>出现的人</translation>
    </message>
    <message>
        <source>{count} people or more</source>
        <translation>{count} 人或更多</translation>
    </message>
    <message>
        <source>“{name}:” needs a number such as 2.</source>
        <translation>“{name}:”后面需要一个数字，例如 2。</translation>
    </message>
</context>
<context>
    <name>help</name>
    <message>
        <source>&lt;b&gt;ReTaKe {version}&lt;/b&gt;&lt;br&gt;Browse and search your own recordings. Everything stays here.</source>
        <translation>&lt;b&gt;ReTaKe {version}&lt;/b&gt;&lt;br&gt;浏览和搜索您自己的录像，所有数据都留在本机。</translation>
    </message>
    <message>
        <source>About ReTaKe</source>
        <translation>关于 ReTaKe</translation>
    </message>
</context>
<context>
    <name>mark_words</name>
    <message>
        <source>1 star</source>
        <translation>1 星</translation>
    </message>
    <message>
        <source>{count} stars</source>
        <translation>{count} 星</translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>A question or an export is under way, and would be stopped. Restart all the same?</source>
        <translation>正在回答问题或导出，重新启动会将其中止。仍要重新启动吗？</translation>
    </message>
</context>
<context>
    <name>pass_words</name>
    <message>
        <source>Describing</source>
        <translation>正在描述</translation>
    </message>
    <message>
        <source>Describing waits a minute, in case you ask more</source>
        <translation>先等一分钟再描述，以便您继续提问</translation>
    </message>
    <message>
        <source>First look</source>
        <translation>快速浏览</translation>
    </message>
    <message>
        <source>Indexing waits while a question is answered</source>
        <translation>正在回答问题，索引等待中</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>识别语音</translation>
    </message>
    <message>
        <source>Looking closer</source>
        <translation>仔细查看</translation>
    </message>
    <message>
        <source>Looking for faces</source>
        <translation>正在查找人脸</translation>
    </message>
    <message>
        <source>Measuring colours and shapes</source>
        <translation>正在测量颜色和形状</translation>
    </message>
    <message>
        <source>Reading text on screen</source>
        <translation>正在读取画面文字</translation>
    </message>
    <message>
        <source>Their memories take {size} of disk, as far as the limit for memories leaves room.</source>
        <translation>其记忆占用 {size} 磁盘空间，以记忆空间上限为限。</translation>
    </message>
    <message>
        <source>Videos to describe with {model}: {count}</source>
        <translation>用 {model} 描述的视频：{count} 个</translation>
    </message>
    <message>
        <source>Preparing search by meaning</source>
        <translation>正在准备按含义搜索</translation>
    </message>
    <message>
        <source>That takes about {time}.</source>
        <translation>大约需要 {time}。</translation>
    </message>
</context>
<context>
    <name>results</name>
    <message>
        <source>1 other video shows the same</source>
        <translation>另有 1 个视频内容相同</translation>
    </message>
    <message>
        <source>Chapter</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Described</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>On screen</source>
        <translation>屏幕文字</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Said</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Weaker matches</source>
        <translation>较弱的匹配</translation>
    </message>
    <message>
        <source>{count} other videos show the same</source>
        <translation>另有 {count} 个视频内容相同</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>{reason}, in other words</source>
        <translation>{reason}（换种说法）</translation>
    </message>
    <message>
        <source>Picture: {what}</source>
        <translation>画面：{what}</translation>
    </message>
    <message>
        <source>black</source>
        <translation>黑色</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>bright</source>
        <translation>明亮</translation>
    </message>
    <message>
        <source>circle</source>
        <translation>圆形</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>昏暗</translation>
    </message>
    <message>
        <source>green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>red</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>square</source>
        <translation>正方形</translation>
    </message>
    <message>
        <source>triangle</source>
        <translation>三角形</translation>
    </message>
    <message>
        <source>white</source>
        <translation>白色</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>pink</source>
        <translation>粉色</translation>
    </message>
    <message>
        <source>purple</source>
        <translation>紫色</translation>
    </message>
</context>
<context>
    <name>shortcuts</name>
    <message>
        <source>Close, or leave the full screen</source>
        <translation>关闭，或退出全屏</translation>
    </message>
    <message>
        <source>Go to that tenth of the video</source>
        <translation>跳到视频的相应十分之几处</translation>
    </message>
    <message>
        <source>Go to the next part of the window</source>
        <translation>转到窗口的下一部分</translation>
    </message>
    <message>
        <source>Move through a list</source>
        <translation>在列表中移动</translation>
    </message>
    <message>
        <source>Open what is selected</source>
        <translation>打开所选内容</translation>
    </message>
    <message>
        <source>Remove what is selected</source>
        <translation>移除所选内容</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>The settings give keys to “{name}”, which is no action.</source>
        <translation>设置文件为“{name}”指定了快捷键，但没有这个操作。</translation>
    </message>
    <message>
        <source>The settings give “{name}” keys that there are not: {keys}.</source>
        <translation>设置文件为“{name}”指定了不存在的快捷键：{keys}。</translation>
    </message>
    <message>
        <source>“{name}” cannot have {key}, which is the key of “{other}”; choose another one.</source>
        <translation>“{name}”不能使用 {key}，它已是“{other}”的快捷键；请另选一个。</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>1 keyframe</source>
        <translation>1 个关键帧</translation>
    </message>
    <message>
        <source>1 moment</source>
        <translation>1 个瞬间</translation>
    </message>
    <message>
        <source>1 problem</source>
        <translation>1 个问题</translation>
    </message>
    <message>
        <source>1 question</source>
        <translation>1 个问题</translation>
    </message>
    <message>
        <source>1 video</source>
        <translation>1 个视频</translation>
    </message>
    <message>
        <source>Search still uses {using}: {percent} % of the keyframes are ready for {wanted}.</source>
        <translation>搜索仍在使用{using}：{wanted} 已准备好 {percent} % 的关键帧。</translation>
    </message>
    <message>
        <source>about a minute left</source>
        <translation>大约还需 1 分钟</translation>
    </message>
    <message>
        <source>about a second</source>
        <translation>约 1 秒</translation>
    </message>
    <message>
        <source>about an hour left</source>
        <translation>大约还需 1 小时</translation>
    </message>
    <message>
        <source>about {count} days left</source>
        <translation>大约还需 {count} 天</translation>
    </message>
    <message>
        <source>about {count} hours left</source>
        <translation>大约还需 {count} 小时</translation>
    </message>
    <message>
        <source>about {count} minutes left</source>
        <translation>大约还需 {count} 分钟</translation>
    </message>
    <message>
        <source>about {hours} hours</source>
        <translation>约 {hours} 小时</translation>
    </message>
    <message>
        <source>about {minutes} min</source>
        <translation>约 {minutes} 分钟</translation>
    </message>
    <message>
        <source>about {seconds} s</source>
        <translation>约 {seconds} 秒</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>还需不到 1 分钟</translation>
    </message>
    <message>
        <source>the built-in encoder</source>
        <translation>内置编码器</translation>
    </message>
    <message>
        <source>{count} keyframes</source>
        <translation>{count} 个关键帧</translation>
    </message>
    <message>
        <source>{count} moments</source>
        <translation>{count} 个瞬间</translation>
    </message>
    <message>
        <source>{count} pieces</source>
        <translation>{count} 段</translation>
    </message>
    <message>
        <source>{count} problems</source>
        <translation>{count} 个问题</translation>
    </message>
    <message>
        <source>{count} questions</source>
        <translation>{count} 个问题</translation>
    </message>
    <message>
        <source>{count} videos</source>
        <translation>{count} 个视频</translation>
    </message>
    <message>
        <source>{percent} % of the keyframes are ready for {wanted}.</source>
        <translation>{wanted} 已准备好 {percent} % 的关键帧。</translation>
    </message>
    <message>
        <source>{speed}x realtime</source>
        <translation>{speed} 倍实时速度</translation>
    </message>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
    <message>
        <source>Intel or AMD (VA-API)</source>
        <translation>Intel 或 AMD（VA-API）</translation>
    </message>
</context>
</TS>
