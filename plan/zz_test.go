package plan
import ("testing";"time";"context";"bremen/network/tables";"fmt")
func TestZZ(t *testing.T){
 for _,name:=range []string{"bakery","village-100"} {
 n,err:=tables.Read("../examples/"+name); if err!=nil {t.Fatal(err)}
 n.Normalise()
 testSolver(t)
 st:=time.Now()
 pl,err:=Make(context.Background(),n,testSolver(t),Options{Continuous:true}); if err!=nil {t.Fatal(err)}
 fmt.Println(name,"continuous",time.Since(st),pl.Program.LP.NNZ(),len(pl.Program.wholes()), pl.Document.Program.Solves)
 st=time.Now()
 r:=newRounding(pl.climb,pl.Program.wholes(),testSolver(t))
 ch,gap,err:=r.branch(context.Background(),roundingWork)
 fmt.Println("mip",time.Since(st),gap,ch!=nil,err)
 if ch!=nil { st=time.Now(); x,err:=r.climbAgain(context.Background(),ch); fmt.Println("climb",time.Since(st),x!=nil,err,r.programs); if x!=nil {fmt.Println(pl.climb.loss(x))}
 q:=r.relaxed(); r.hold(q,ch); st=time.Now();fmt.Println(q.NNZ())}
 st=time.Now(); ch,gap,err=r.dive(context.Background()); fmt.Println("dive",time.Since(st),gap,ch!=nil,err)
 if ch!=nil { st=time.Now(); x,err:=r.climbAgain(context.Background(),ch); fmt.Println("climb",time.Since(st),x!=nil,err,r.programs); if x!=nil {fmt.Println(pl.climb.loss(x))} }
 }
}
