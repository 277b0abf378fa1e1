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
        <source>First look</source>
        <translation>快速浏览</translation>
    </message>
    <message>
        <source>Getting ready to search with {name}: {ready} of {keyframes} keyframes</source>
        <translation>正在为使用{name}搜索做准备：已完成 {ready} / {keyframes} 个关键帧</translation>
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
        <source>Indexing waits while a question is answered</source>
        <translation>正在回答问题，索引等待中</translation>
    </message>
    <message>
        <source>It is still being written; the next run takes it.</source>
        <translation>文件仍在写入，下次索引时处理。</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>聆听</translation>
    </message>
    <message>
        <source>Looking closer</source>
        <translation>仔细查看</translation>
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
        <source>Reading text on screen</source>
        <translation>正在读取画面文字</translation>
    </message>
    <message>
        <source>Search uses {name} now; looking at the videos again makes it better.</source>
        <translation>搜索现在使用{name}；重新查看视频后效果会更好。</translation>
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
        <source>They are hidden, and come back when nothing leaves them out any more.</source>
        <translation>它们已隐藏；不再被排除时会重新出现。</translation>
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
        <source>What was found stays; it goes on where it stopped.</source>
        <translation>已找到的内容会保留，下次从停下的地方继续。</translation>
    </message>
    <message>
        <source>{length} of video in {time}, {speed}x realtime</source>
        <translation>{length} 的视频用时 {time}，{speed} 倍实时速度</translation>
    </message>
    <message>
        <source>{size} of disk are free again.</source>
        <translation>已释放 {size} 磁盘空间。</translation>
    </message>
    <message>
        <source>{title}: {done} of {videos} videos</source>
        <translation>{title}：{done} / {videos} 个视频</translation>
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
</context>
<context>
    <name>AnswerText</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
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
        <source>Holds from the next start on.</source>
        <translation>下次启动后生效。</translation>
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
        <source>Like the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>小</translation>
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
        <source>Ask a question</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Ask about what is to be seen anywhere in these videos.

The moments that match best are read, and the answer shows them.</source>
        <translation>询问这些视频中任何能看到的内容。

模型会观看最匹配的瞬间，并在回答中列出。</translation>
    </message>
    <message>
        <source>Ask what happens in this video, when, and who or what is to be seen.

The answer shows the moments that it rests on.</source>
        <translation>询问这个视频里发生了什么、何时发生、能看到谁或什么。

回答会列出所依据的瞬间。</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>Planning…</source>
        <translation>正在规划…</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>The plan appears when there is a question.</source>
        <translation>输入问题后会显示计划。</translation>
    </message>
    <message>
        <source>What to ask about</source>
        <translation>提问范围</translation>
    </message>
</context>
<context>
    <name>BackupPage</name>
    <message>
        <source>A backup is one file with all that ReTaKe knows of your videos, questions and settings. The videos themselves are not in it. Keep it on another disk.</source>
        <translation>备份是一个文件，包含 ReTaKe 对您的视频、提问和设置所知的一切。视频本身不在其中。请把它保存在另一块磁盘上。</translation>
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
        <source>Copies that ReTaKe makes by itself</source>
        <translation>ReTaKe 自动制作的副本</translation>
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
        <source>Put “{name}” in the place of the library? What was indexed, asked and changed since then is not in it. The library as it is now is copied first.</source>
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
        <source>Videos are being indexed. Stop that first, or wait until it has ended.</source>
        <translation>正在为视频建立索引。请先停止，或等它结束。</translation>
    </message>
    <message>
        <source>With the memories of videos, which are large and can be made anew</source>
        <translation>包含视频记忆（体积大，可以重新生成）</translation>
    </message>
    <message>
        <source>{name} was written: {videos}, {size}.</source>
        <translation>已写入 {name}：{videos}，{size}。</translation>
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
        <source>{start} to {end}, strength {strength}</source>
        <translation>{start} 到 {end}，强度 {strength}</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>&lt;b&gt;ReTaKe has met an error of its own.&lt;/b&gt;&lt;br&gt;Your library and your videos are safe. You can go on; if it happens again, please send the text below to the developers.</source>
        <translation>&lt;b&gt;ReTaKe 自身发生了错误。&lt;/b&gt;&lt;br&gt;您的资料库和视频都是安全的。您可以继续使用；如果再次发生，请把下面的文字发给开发者。</translation>
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
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Copies of the library; see Backup</source>
        <translation>资料库的副本；见“备份”</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Delete the directory above. Downloaded models are deleted on the page Models.</source>
        <translation>删除上面的目录即可。下载的模型请在“模型”页中删除。</translation>
    </message>
    <message>
        <source>Everything that ReTaKe knows lies in one directory. Your videos are not in it.</source>
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
        <source>Removing everything</source>
        <translation>全部移除</translation>
    </message>
    <message>
        <source>Search index; is made again when it is missing</source>
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
        <source>To keep the library on another disk, close ReTaKe, move the directory there, and start ReTaKe with this command and the new place in it. The command line takes the same option.</source>
        <translation>要把资料库放到另一块磁盘，请先关闭 ReTaKe，把目录移过去，再用下面的命令（填入新位置）启动。命令行工具也使用同样的选项。</translation>
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
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>ExportActions</name>
    <message>
        <source>All keyframes of {name}</source>
        <translation>{name} 的所有关键帧</translation>
    </message>
    <message>
        <source>All keyframes of {videos}</source>
        <translation>{videos}的所有关键帧</translation>
    </message>
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
        <source>A file of this name is there already.</source>
        <translation>已有同名文件。</translation>
    </message>
    <message>
        <source>A folder has this name; give another one.</source>
        <translation>已有同名文件夹，请换一个名称。</translation>
    </message>
    <message>
        <source>A name cannot have any of / \ : * ? &quot; &lt; &gt; | in it.</source>
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
        <source>Exact: encoded anew, beginning right there</source>
        <translation>精确：重新编码，正好从那里开始</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Fast: copied, beginning at the key frame before</source>
        <translation>快速：直接复制，从之前的编码关键帧开始</translation>
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
        <source>Replace the file that is there</source>
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
        <source>Seconds that the clip lasts longer, to have room when it is edited.</source>
        <translation>片段多留的秒数，便于剪辑。</translation>
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
        <source>What the clip tells of when and where it was recorded</source>
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
        <source>No keyframe in this stretch. Zoom out to see more.</source>
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
        <source>Folders</source>
        <translation>文件夹</translation>
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
        <source>Looked through every minute</source>
        <translation>每分钟检查一次</translation>
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
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Files and folders that match one of these are not indexed, and not shown. What is known of them is kept: when you take them again, they are back at once.</source>
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
        <source>Offline: its drive or network place is not there</source>
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
        <source>Frames per second that are looked at where something happens. More find shorter moments.</source>
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
        <source>On average there is at most one keyframe in as many seconds.</source>
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
        <source>Search then finds titles, signs, subtitles and slides in Latin script, Chinese and Japanese. They are read last, at the keyframes: 100 of them take half a minute, pages full of text up to three.</source>
        <translation>搜索即可找到拉丁字母、中文和日文的标题、标牌、字幕和幻灯片。画面文字在最后从关键帧中读取：每 100 个关键帧约需半分钟，满页文字最多三分钟。</translation>
    </message>
    <message>
        <source>Text on screen</source>
        <translation>画面文字</translation>
    </message>
    <message>
        <source>There is at least one keyframe in as many seconds, also where nothing happens.</source>
        <translation>每这么多秒至少一个关键帧，即使没有任何变化。</translation>
    </message>
    <message>
        <source>What reads it is not installed; install it with: {command}</source>
        <translation>尚未安装读取画面文字的组件；请用以下命令安装：{command}</translation>
    </message>
    <message>
        <source>When one of these changes, all videos are looked at again at the next run.</source>
        <translation>更改其中任何一项后，下次索引时会重新查看所有视频。</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Find a key, or what it does</source>
        <translation>查找按键或功能</translation>
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
        <source>Find it out for each video</source>
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
        <source>Take again</source>
        <translation>重新纳入</translation>
    </message>
    <message>
        <source>This is no pattern; write it as in .gitignore, such as drafts/ or *.tmp.mp4.</source>
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
        <source>All states</source>
        <translation>所有状态</translation>
    </message>
    <message>
        <source>All videos</source>
        <translation>全部视频</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
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
        <translation>已索引</translation>
    </message>
    <message>
        <source>Last added first</source>
        <translation>最近添加的在前</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>最长的在前</translation>
    </message>
    <message>
        <source>Most keyframes first</source>
        <translation>关键帧最多的在前</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新的在前</translation>
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
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Sort videos</source>
        <translation>视频排序</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
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
        <source>After the first question about a video, the model&apos;s memory of it is kept, so that the next question is answered without watching it again. The oldest make room for new ones.</source>
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
        <source>Need not be kept</source>
        <translation>不必保留</translation>
    </message>
    <message>
        <source>One memory takes {size}.</source>
        <translation>1 份记忆，占用 {size}。</translation>
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
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Checking that all bytes are right</source>
        <translation>正在校验数据</translation>
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
        <source>Download of {name}</source>
        <translation>正在下载 {name}</translation>
    </message>
    <message>
        <source>Fits here in 4 bit: watches up to {frames} frames of a recording.</source>
        <translation>可以 4 位精度在此运行：最多观看一段录像的 {frames} 帧。</translation>
    </message>
    <message>
        <source>Fits here: watches up to {frames} frames of a recording.</source>
        <translation>可在本机运行：一段录像最多观看 {frames} 帧。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
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
        <source>Looking what is to be downloaded</source>
        <translation>正在查询要下载的内容</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} are here.</source>
        <translation>已暂停：已下载 {done} / {total}。</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>The settings name this model, but it is not on this computer.</source>
        <translation>设置中选用了这个模型，但本机上没有。</translation>
    </message>
    <message>
        <source>Too large for this computer now: {size} of memory are free.</source>
        <translation>目前本机放不下：可用内存为 {size}。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use no longer</source>
        <translation>停用</translation>
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
        <source>{size} of memory, {full} without compression</source>
        <translation>内存 {size}（不压缩时 {full}）</translation>
    </message>
    <message>
        <source>{size} on disk</source>
        <translation>磁盘 {size}</translation>
    </message>
</context>
<context>
    <name>ModelsClient</name>
    <message>
        <source>The download ended unexpectedly; what was downloaded so far is kept.</source>
        <translation>下载意外中断；已下载的内容会保留。</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>4 bit</source>
        <translation>4 位</translation>
    </message>
    <message>
        <source>4 bit takes about a third of the graphics memory, and answers a little less well.</source>
        <translation>4 位精度约占三分之一的显存，回答会稍差一些。</translation>
    </message>
    <message>
        <source>A VideoLLM watches a recording and answers. Memory is told for an hour of video.</source>
        <translation>视频大模型（VideoLLM）观看录像并回答问题。所列内存按一小时的视频计算。</translation>
    </message>
    <message>
        <source>A language that is named is misheard less often.</source>
        <translation>指定语言后，听错的会更少。</translation>
    </message>
    <message>
        <source>An encoder compares pictures with words. A larger one finds more, and takes longer.</source>
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
        <source>Delete model</source>
        <translation>删除模型</translation>
    </message>
    <message>
        <source>Delete {name} from this computer? {size} become free.</source>
        <translation>要从本机删除 {name} 吗？将释放 {size}。</translation>
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
        <source>Empty follows the system.</source>
        <translation>留空则跟随系统设置。</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整</translation>
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
        <source>Models run on the processor here: {free} of {total} of memory are free.</source>
        <translation>本机用处理器运行模型：内存共 {total}，可用 {free}。</translation>
    </message>
    <message>
        <source>Nothing is downloaded, and no address is asked for anything.</source>
        <translation>不下载任何内容，也不访问任何地址。</translation>
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
        <source>What fits</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>Where models come from; empty is the Hugging Face hub.</source>
        <translation>模型的来源；留空则为 Hugging Face。</translation>
    </message>
    <message>
        <source>Whisper writes down what is said, so that it can be found. A larger one mishears less.</source>
        <translation>Whisper 把视频中说的话转成文字，方便搜索。模型越大，听错越少。</translation>
    </message>
    <message>
        <source>{card}: {free} of {total} of graphics memory are free.</source>
        <translation>{card}：显存共 {total}，可用 {free}。</translation>
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
    <name>PlanBar</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Change what is read and kept</source>
        <translation>更改观看和保留的内容</translation>
    </message>
    <message>
        <source>Fewer are faster; more see more.
Each choice has a memory of its own.</source>
        <translation>帧数少更快，帧数多看得更全。
每种选择各有一份记忆。</translation>
    </message>
    <message>
        <source>Frames at most</source>
        <translation>最多帧数</translation>
    </message>
    <message>
        <source>Frames to read at most</source>
        <translation>最多观看的帧数</translation>
    </message>
    <message>
        <source>How much of what is read is kept</source>
        <translation>保留所看内容的多少</translation>
    </message>
    <message>
        <source>Tokens kept</source>
        <translation>保留的 token</translation>
    </message>
    <message>
        <source>What the question takes</source>
        <translation>这个问题的开销</translation>
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
    <name>PreparationBar</name>
    <message>
        <source>Progress of making the file ready to play</source>
        <translation>准备播放的进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>This file is being made ready. Until then it may jump or stand still.</source>
        <translation>正在准备此文件。在此之前画面可能跳动或停住。</translation>
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
        <source>ReTaKe can repair it: all that can be read is saved into a new library, what cannot comes from its newest copy, and the damaged file is kept beside it. Your videos are safe.</source>
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
        <source>This library is of a newer ReTaKe</source>
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
        <translation>没有与“{query}”匹配的内容，换些词试试。</translation>
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
        <source>Show weaker matches</source>
        <translation>显示较弱的匹配</translation>
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
        <source>Describe what is to be seen, such as “a bicycle in the street”, or type words that are said, on screen or in a title. A picture can be dropped here, too.</source>
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
        <source>The video is listened to anew where its subtitles do not speak.</source>
        <translation>没有字幕说明所说内容的视频会重新听取。</translation>
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
        <source>“{name}” holds no subtitles.</source>
        <translation>“{name}”中没有字幕。</translation>
    </message>
</context>
<context>
    <name>TimeDialog</name>
    <message>
        <source>For example 1:02:03, 83, 1m23s or 12.5. The keys 0 to 9 go to a tenth.</source>
        <translation>例如 1:02:03、83、1m23s 或 12.5。按 0 到 9 键可跳到视频的十分之几处。</translation>
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
        <source>This is no time. Write it as 1:02:03, 83, 1m23s or 12.5.</source>
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
        <source>None are known</source>
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
        <source>What is said in this video is not known. A speech model writes it down while indexing.</source>
        <translation>还不知道这个视频里说了什么。索引时，语音模型会把它转成文字。</translation>
    </message>
</context>
<context>
    <name>VideoActions</name>
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
        <source>Ready to ask: the model remembers it.</source>
        <translation>可提问：模型记得它。</translation>
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
        <source>Waits to be indexed.</source>
        <translation>等待索引。</translation>
    </message>
</context>
<context>
    <name>VideoPage</name>
    <message>
        <source>Its colours cannot be right: it is Dolby Vision of profile 5, which only its own screens show.</source>
        <translation>它的颜色无法正确显示：这是杜比视界第 5 类（Profile 5），只有杜比视界自己的屏幕才能正确显示。</translation>
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
        <source>Indexing runs beside; search as soon as you like.</source>
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
        <source>Search works at once. Larger models find more and answer questions; they can wait.</source>
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
    <name>_VolumeSlider</name>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
</context>
<context>
    <name>actions</name>
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
        <source>&amp;Index from the start</source>
        <translation>从头索引(&amp;I)</translation>
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
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
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
        <source>&amp;Side panel at the right</source>
        <translation>右侧面板(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Stop indexing</source>
        <translation>停止索引(&amp;S)</translation>
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
        <source>F&amp;olders at the left</source>
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
        <source>Forget the range</source>
        <translation>清除选段</translation>
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
        <source>Louder</source>
        <translation>调高音量</translation>
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
        <source>Play backward, again for faster</source>
        <translation>倒放，再按加快</translation>
    </message>
    <message>
        <source>Play forward, again for faster</source>
        <translation>播放，再按加快</translation>
    </message>
    <message>
        <source>Play the range</source>
        <translation>播放选段</translation>
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
        <source>Quieter</source>
        <translation>调低音量</translation>
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
        <source>Sound off or on</source>
        <translation>静音或取消静音</translation>
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
        <source>Vie&amp;w</source>
        <translation>查看(&amp;W)</translation>
    </message>
</context>
<context>
    <name>ask</name>
    <message>
        <source>1 frame</source>
        <translation>1 帧</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>How long it takes is known after the first question.</source>
        <translation>第一个问题之后才能估计所需时间。</translation>
    </message>
    <message>
        <source>It says {time}, but the evidence does not show it.</source>
        <translation>回答提到 {time}，但依据中并未显示。</translation>
    </message>
    <message>
        <source>Less than was asked for, so that it fits the free memory.</source>
        <translation>为适应可用内存，少于所要求的数量。</translation>
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
        <source>Looking for moments</source>
        <translation>正在查找瞬间</translation>
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
        <source>Reading frame {done} of {total}</source>
        <translation>正在观看第 {done} / {total} 帧</translation>
    </message>
    <message>
        <source>Reading the video</source>
        <translation>正在观看视频</translation>
    </message>
    <message>
        <source>Sources:</source>
        <translation>依据：</translation>
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
        <source>You stopped this answer.</source>
        <translation>您停止了这个回答。</translation>
    </message>
    <message>
        <source>about a second</source>
        <translation>约 1 秒</translation>
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
        <source>from memory</source>
        <translation>来自记忆</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>{count} 帧</translation>
    </message>
    <message>
        <source>{count}k</source>
        <translation>{count}k</translation>
    </message>
    <message>
        <source>{kept} of {all} tokens</source>
        <translation>{all} 个 token 中的 {kept} 个</translation>
    </message>
    <message>
        <source>{kept} of {all} tokens kept</source>
        <translation>保留 {all} 个 token 中的 {kept} 个</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
</context>
<context>
    <name>export</name>
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
        <source>Chapters for web players (WebVTT)</source>
        <translation>网页播放器章节 (WebVTT)</translation>
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
        <source>Editing programs do not know its frame rate; it was counted at {rate}.</source>
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
        <source>Frames come at odd times; they were counted at {rate} a second.</source>
        <translation>帧的间隔不固定，按每秒 {rate} 帧计算。</translation>
    </message>
    <message>
        <source>It begins {seconds} s earlier, at the recording&apos;s key frame.</source>
        <translation>它早 {seconds} 秒开始，从录像的编码关键帧起。</translation>
    </message>
    <message>
        <source>It was encoded anew, because this recording cannot be cut by copying.</source>
        <translation>已重新编码，因为这段录像不能直接复制剪切。</translation>
    </message>
    <message>
        <source>Its high dynamic range was brought to what every screen shows.</source>
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
        <source>The recording&apos;s subtitles are not in it.</source>
        <translation>不包含录像的字幕。</translation>
    </message>
    <message>
        <source>The recordings differ in frame rate; the sequence counts at {rate}.</source>
        <translation>各录像帧率不同，序列按 {rate} 计算。</translation>
    </message>
    <message>
        <source>Time codes leave out numbers (drop frame), so that they keep to the clock.</source>
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
        <source>“{name}:” is no filter, so it is searched for as a word.</source>
        <translation>“{name}:”不是筛选条件，因此作为普通词语搜索。</translation>
    </message>
    <message>
        <source>“{name}:” needs a date such as 2023, 2023-05 or 2023-05-17.</source>
        <translation>“{name}:”需要日期，例如 2023、2023-05 或 2023-05-17。</translation>
    </message>
    <message>
        <source>“{name}:” needs a length such as 90s, 10m or 1h30m.</source>
        <translation>“{name}:”需要时长，例如 90s、10m 或 1h30m。</translation>
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
        <translation>“{name}:” 后需要 favourite、hidden 或 live。</translation>
    </message>
    <message>
        <source>“{name}:” needs picture, said, screen, title, chapter or note.</source>
        <translation>“{name}:”后面需要 picture、said、screen、title、chapter 或 note。</translation>
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
</context>
</TS>
